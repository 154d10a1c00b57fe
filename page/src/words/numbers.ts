// Numbers as the page writes them.
import { formatPoints } from '../../../src/figures/format.js';

const minus = '\u2212';
const unknown = '\u2013';

/** "61.2 %"; an en dash if unknown. */
export function percent(fraction: number | null): string {
  return fraction === null ? unknown : `${(100 * fraction).toFixed(1)} %`;
}

/** "61.2" or "+1.2", for a cell of the plan; empty if unknown. */
export function shortNumber(value: number | null, isSigned: boolean): string {
  if (value === null) return '';
  return isSigned ? formatPoints(value) : (100 * value).toFixed(1);
}

/** "1.1 points above its base", "as its base". */
export function againstBase(matchedPt: number): string {
  const digits = formatPoints(Math.abs(matchedPt), false);
  if (Number(digits) === 0) return 'as its base';
  const points = digits === '1.0' ? 'point' : 'points';
  return `${digits} ${points} ${matchedPt > 0 ? 'above' : 'below'} its base`;
}

/** "+1.2 Pt"; an en dash if unknown. */
export function points(valuePt: number | null): string {
  return valuePt === null ? unknown : `${formatPoints(valuePt)} Pt`;
}

/** "1 network", "1,204 networks". */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "12,345". */
export function whole(count: number): string {
  const sign = count < 0 ? minus : '';
  return sign + String(Math.abs(Math.round(count))).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "3.2 GiB". */
export function size(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes / 1024, 0];
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(value >= 100 || unit === 0 ? 0 : 1)} ${units[unit] ?? ''}`;
}

/** "12 s", "3 min 20 s", "5 h 12 min", "4 d 3 h". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
