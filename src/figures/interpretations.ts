// The five numbers of Figure 2 (bottom), placed where this study's data put them. The words are
// neutral: whether there was a drop or a gain, and how sure that is, is said by the values, never
// assumed.
import type { Results } from '../study/results/types.js';
import { reference } from './scatter.js';
import type { Measure } from './axes.js';
import { formatPoints } from './format.js';
import { curveOf, type CurvePoint } from './line-points.js';

/** A numbered remark in the plot. */
export interface Interpretation {
  readonly number: 1 | 2 | 3 | 4 | 5;
  readonly text: string;
  /** Places it may point at, best first; y in the unit of the figure. */
  readonly anchors: readonly { readonly x: number; readonly y: number }[];
  /** Whether it stands beside a line (above or below) rather than inside a region. */
  readonly isBesideLine: boolean;
}

/** Remarks of the main family: 1 base, 2 co-adaptation drop, 3 fine-tuned selffer, 4 specificity
 *  drop, 5 fine-tuned transfer; those whose data are missing are left out. Matched ones carry their
 *  values in percentage points. */
export function interpretations(results: Results, measure: Measure): Interpretation[] {
  const [base] = reference(results, measure);
  if (base === undefined) return [];
  const remarks: (Interpretation | null)[] = [
    { number: 1, text: 'base', anchors: [{ x: 0, y: base }], isBesideLine: true },
    dropRemark(results, measure, base, 2),
    tunedRemark(results, measure, 3),
    dropRemark(results, measure, base, 4),
    tunedRemark(results, measure, 5),
  ];
  return remarks.filter((remark) => remark !== null);
}

function dropRemark(
  results: Results,
  measure: Measure,
  base: number,
  number: 2 | 4,
): Interpretation | null {
  const selffer = curveOf(results, 'BnB', measure);
  const transfer = curveOf(results, 'AnB', measure);
  const drops = selffer.flatMap(({ x, y }) => {
    const [upper, lower] = number === 2 ? [base, y] : [y, at(transfer, x)?.y];
    return lower === undefined ? [] : [{ x, y: (upper + lower) / 2, drop: upper - lower }];
  });
  const worst = drops.reduce<(typeof drops)[number] | null>(
    (best, each) => (best === null || each.drop > best.drop ? each : best),
    null,
  );
  if (!worst) return null;
  const name = number === 2 ? 'co-adaptation drop' : 'specificity drop';
  const point = results.decomposition.find(({ n }) => n === worst.x);
  const value = number === 2 ? point?.coadaptationPt : point?.specificityPt;
  const text = worst.drop <= 0 ? `no ${name}` : withValue(name, measure, value, false);
  return { number, text, anchors: [worst], isBesideLine: false };
}

function tunedRemark(results: Results, measure: Measure, number: 3 | 5): Interpretation | null {
  const curve = curveOf(results, number === 3 ? 'BnB+' : 'AnB+', measure);
  if (curve.length === 0) return null;
  const name = number === 3 ? 'fine-tuned selffer' : 'fine-tuned transfer';
  const text = withValue(name, measure, gainOf(results, number), true);
  return { number, text, anchors: curve, isBesideLine: true };
}

// The gain over the base, pooled over all n as in the first row of Table 1.
function gainOf(results: Results, number: 3 | 5): number | null {
  const row = results.table1[0];
  const transfer = row?.matchedOverBasePt ?? null;
  if (number === 5 || transfer === null) return number === 5 ? transfer : null;
  const over = row?.matchedOverSelfferPt ?? null;
  return over === null ? null : transfer - over;
}

function withValue(
  name: string,
  measure: Measure,
  valuePt: number | null | undefined,
  isSigned: boolean,
): string {
  if (measure === 'accuracy' || valuePt === null || valuePt === undefined) return name;
  return `${name} ${formatPoints(valuePt, isSigned)}`;
}

function at(curve: readonly CurvePoint[], x: number): CurvePoint | undefined {
  return curve.find((point) => point.x === x);
}
