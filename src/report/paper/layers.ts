// The paper's places in a network of 8 weight layers, for networks of any depth.
import { formatInterval, formatPoints } from '../../figures/format.js';
import { matchNetworks, type MatchedNetwork } from '../../study/results/measured.js';
import type { Family, SummaryResults, Results } from '../../study/results/types.js';
import type { TreatmentKind } from '../../study/treatments.js';
import type { Tested } from './joint.js';

/** A matched mean at n. */
export type Point = Tested & { readonly n: number };

/** n = 1, 2 of the paper: the first two sevenths of the places to cut. */
export function isEarly(n: number, weightLayers: number): boolean {
  return n <= Math.max(1, Math.round((2 * (weightLayers - 1)) / 7));
}

/** n = 6, 7 of the paper: the last two sevenths. */
export function isLate(n: number, weightLayers: number): boolean {
  return n > (5 * (weightLayers - 1)) / 7;
}

/** n = 3, 4, 5. */
export function isMiddle(n: number, weightLayers: number): boolean {
  return !isEarly(n, weightLayers) && !isLate(n, weightLayers);
}

/** Matched differences of a treatment that are known. */
export function pointsOf({ matched }: SummaryResults, treatment: TreatmentKind): Point[] {
  return (matched[treatment] ?? [])
    .filter(({ meanPt }) => meanPt !== null)
    .map(({ n, meanPt, lowPt, highPt, units }) => ({ n, meanPt, lowPt, highPt, units }));
}

/** The n of a claim: the paper's, and those that stand for them here where these are others. */
export function placesHere(paper: string, points: readonly { readonly n: number }[]): string {
  const own = points.map(({ n }) => n);
  const last = own.at(-1);
  const names = [`n = ${own.join(', ')}`, `n = ${own[0]} to ${last}`];
  const isRange = own.length === (last ?? 0) - (own[0] ?? 0) + 1;
  if (own.length === 0 || names.slice(0, isRange ? 2 : 1).includes(paper)) return paper;
  return `${names[0]}; in the paper ${paper}`;
}

const withoutIntervals = 'Pt (no intervals: they need 3 clusters)';

/** "+0.3 [..] Pt": a point of which n is said already. */
export function describePoint({ meanPt, lowPt, highPt }: Point): string {
  if (lowPt === null) return `${formatPoints(meanPt ?? 0)} ${withoutIntervals}`;
  return formatInterval(meanPt, lowPt, highPt);
}

/** "n = 1: +0.3 [..] Pt; n = 2: ..."; a dash for none. Where no point has an interval, that is said
 *  once. */
export function listPoints(points: readonly Point[]): string {
  if (points.length === 0) return '\u2013';
  if (points.every(({ lowPt }) => lowPt === null)) {
    const values = points.map(({ n, meanPt }) => `n = ${n}: ${formatPoints(meanPt ?? 0)}`);
    return `${values.join('; ')} ${withoutIntervals}`;
  }
  return points
    .map(({ n, meanPt, lowPt, highPt }) => `n = ${n}: ${formatInterval(meanPt, lowPt, highPt)}`)
    .join('; ');
}

/** Matched networks of one treatment of a family. */
export function matchedOf(
  results: Results,
  family: Family,
  treatment: TreatmentKind,
): MatchedNetwork[] {
  const members = results.networks.filter((network) => network.family === family);
  return matchNetworks(members).filter(({ network }) => network.treatment === treatment);
}
