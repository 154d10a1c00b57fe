// Numbers as readers see them.
import type { IntervalFacts, Unit } from '../study/results/types.js';

/** Percentage points with one decimal and a true minus sign, "+" too if `isSigned`; never
 *  "-0.0". */
export function formatPoints(valuePt: number, isSigned = true): string {
  const digits = Math.abs(valuePt).toFixed(1);
  if (Number(digits) === 0) return digits;
  return `${valuePt < 0 ? '\u2212' : isSigned ? '+' : ''}${digits}`;
}

/** "+1.2 [+0.4, +2.0] Pt", or "+1.2 Pt (no interval: fewer than 3 values)"; an en dash for an
 *  unknown value. */
export function formatInterval(
  valuePt: number | null,
  lowPt: number | null,
  highPt: number | null,
): string {
  if (valuePt === null) return '\u2013';
  const value = formatPoints(valuePt);
  if (lowPt === null || highPt === null) return `${value} Pt (no interval: fewer than 3 values)`;
  return `${value} [${formatPoints(lowPt)}, ${formatPoints(highPt)}] Pt`;
}

/** A range of n of results.json ("1-7", "3,5") as readers see it ("1\u20137", "3, 5"). */
export function formatRange(layers: string): string {
  return layers.replace('-', '\u2013').replaceAll(',', ', ');
}

const unitNouns: Readonly<Record<Unit, string>> = {
  split: 'splits',
  'split-target': 'pairs of split and target',
  repeat: 'repeats',
};

/** "95 % intervals over 8 splits (they speak of ...)": what intervals are made of and which studies
 *  they speak of. */
export function intervalWords({ unit, units, population }: IntervalFacts): string {
  return `95 % intervals over ${units} ${unitNouns[unit]} (they speak of ${population})`;
}

/** Accuracy as a fraction with three decimals; an en dash if unknown. */
export function formatAccuracy(accuracy: number | null): string {
  return accuracy === null ? '\u2013' : accuracy.toFixed(3);
}

/** "1 network", "8 networks". */
export function countOf(networks: number): string {
  return networks === 1 ? '1 network' : `${networks} networks`;
}
