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
