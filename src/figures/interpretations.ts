// The five numbers of Figure 2 (bottom), placed where this study's data put them. An effect is
// named only where its interval says that there is one.
import { overallComparison } from '../study/results/comparisons.js';
import { type Estimate, headlinesOf } from '../study/results/headlines.js';
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
 *  drop, 5 fine-tuned transfer; those whose data are missing and drops that are not resolved are
 *  left out. Matched ones carry their values in percentage points. */
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

// Named only where the answers call it resolved, at the largest such n.
function dropRemark(
  results: Results,
  measure: Measure,
  base: number,
  number: 2 | 4,
): Interpretation | null {
  const name = number === 2 ? 'co-adaptation' : 'specificity';
  const { resolved } = headlinesOf(results).drops[name];
  const [drop] = [...resolved].sort((a, b) => (b.meanPt ?? 0) - (a.meanPt ?? 0));
  if (drop === undefined) return null;
  const selffer = at(curveOf(results, 'BnB', measure), drop.n);
  const transfer = at(curveOf(results, 'AnB', measure), drop.n);
  const [upper, lower] = number === 2 ? [base, selffer?.y] : [selffer?.y, transfer?.y];
  if (upper === undefined || lower === undefined) return null;
  const text = withValue(`${name} drop`, measure, drop.meanPt, false);
  return { number, text, anchors: [{ x: drop.n, y: (upper + lower) / 2 }], isBesideLine: false };
}

// The name of a line; what it gains only if that is resolved.
function tunedRemark(results: Results, measure: Measure, number: 3 | 5): Interpretation | null {
  const kind = number === 3 ? 'BnB+' : 'AnB+';
  const curve = curveOf(results, kind, measure);
  if (curve.length === 0) return null;
  const name = number === 3 ? 'fine-tuned selffer' : 'fine-tuned transfer';
  const text = withValue(name, measure, gainOf(results, kind), true);
  return { number, text, anchors: curve, isBesideLine: true };
}

// Over the own base and all n; null if it is not resolved: for AnB+ as the answers say, for BnB+,
// which is no question of theirs, by its interval.
function gainOf(results: Results, kind: 'BnB+' | 'AnB+'): number | null {
  if (kind === 'AnB+') {
    const gain = headlinesOf(results).gains.base;
    return gain?.isResolved === true ? gain.meanPt : null;
  }
  const over: Omit<Estimate, 'units'> | undefined = overallComparison(results, kind, 'base');
  if (over === undefined || over.lowPt === null || over.highPt === null) return null;
  return over.lowPt > 0 || over.highPt < 0 ? over.meanPt : null;
}

function withValue(
  name: string,
  measure: Measure,
  valuePt: number | null,
  isSigned: boolean,
): string {
  if (measure === 'accuracy' || valuePt === null) return name;
  return `${name} ${formatPoints(valuePt, isSigned)}`;
}

function at(curve: readonly CurvePoint[], x: number): CurvePoint | undefined {
  return curve.find((point) => point.x === x);
}
