// The mean lines of Figure 2 (bottom), which all start at the base.
import type { Results } from '../study/results/types.js';
import { type TreatmentKind, treatments } from '../study/treatments.js';
import type { Measure } from './axes.js';

/** Mean of one treatment at n with the ends of its interval, in the unit of the figure. */
export interface CurvePoint {
  readonly treatment: TreatmentKind;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly networks: number;
}

/** Points of a treatment that are known, ascending in n, without the base at n = 0. */
export function curveOf(
  results: Results,
  treatment: TreatmentKind,
  measure: Measure,
): CurvePoint[] {
  const { label } = treatments[treatment];
  if (measure === 'accuracy') {
    return (results.lines[treatment] ?? []).flatMap(({ n, mean, low, high, networks }) =>
      mean === null ? [] : [{ treatment, label, x: n, y: mean, low, high, networks }],
    );
  }
  return (results.matched[treatment] ?? []).flatMap(({ n, meanPt, lowPt, highPt, networks }) =>
    meanPt === null
      ? []
      : [{ treatment, label, x: n, y: meanPt, low: lowPt, high: highPt, networks }],
  );
}

/** A place on the line between two means; used for the filled regions. */
export interface RegionPoint {
  readonly x: number;
  readonly y: number;
  readonly y2: number;
}

/** The region where `lower` lies below `upper`, with the crossings put in, so that its edges follow
 *  both lines. Both lists are taken at the x they share. */
export function regionBetween(
  upper: readonly Pick<CurvePoint, 'x' | 'y'>[],
  lower: readonly Pick<CurvePoint, 'x' | 'y'>[],
): RegionPoint[] {
  const shared = upper.flatMap(({ x, y }) => {
    const other = lower.find((point) => point.x === x);
    return other ? [{ x, top: y, bottom: other.y }] : [];
  });
  const region: RegionPoint[] = [];
  for (const [i, { x, top, bottom }] of shared.entries()) {
    const before = shared[i - 1];
    if (before && (before.top - before.bottom) * (top - bottom) < 0) {
      const gap = before.top - before.bottom;
      const part = gap / (gap - (top - bottom));
      const y = before.top + part * (top - before.top);
      region.push({ x: before.x + part * (x - before.x), y, y2: y });
    }
    region.push({ x, y: top, y2: Math.min(top, bottom) });
  }
  return region;
}
