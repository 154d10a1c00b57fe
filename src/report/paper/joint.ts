// Claims about several n at once: each n is tested, and the chance that any of them misleads is
// held at that of one test.
import { holm } from '../../stats/holm.js';
import {
  all,
  any,
  isAbove,
  isLoss,
  isNoLoss,
  marginPt,
  type Range,
  type Verdict,
} from './finding.js';

/** A mean with its 95 % interval and the two-sided p of its t test against 0, percentage points. */
export interface Tested extends Range {
  readonly p: number | null;
}

/** Which of the values differ from 0, p corrected for their number by Holm's method: false for all
 *  with a probability of 95 % if all are 0. */
function areResolved(points: readonly Tested[]): boolean[] {
  return holm(points.map(({ p }) => p)).map((p) => p !== null && p < 0.05);
}

/** The values that lie below 0 by the corrected test. */
export function resolvedBelow<T extends Tested>(points: readonly T[]): T[] {
  const resolved = areResolved(points);
  return points.filter(({ meanPt }, i) => resolved[i] && (meanPt ?? 0) < 0);
}

/** The values that lie above 0 by the corrected test. */
export function resolvedAbove<T extends Tested>(points: readonly T[]): T[] {
  const resolved = areResolved(points);
  return points.filter(({ meanPt }, i) => resolved[i] && (meanPt ?? 0) > 0);
}

/** "There is no loss at any n": every interval lies above -1 Pt (supports); at some n there is a
 *  loss by the corrected test, of 1 Pt at least (contradicts). */
export function noLossAnywhere(points: readonly Tested[]): Verdict {
  if (points.length > 0 && points.every((point) => isNoLoss(point) === 'supports')) {
    return 'supports';
  }
  const losses = resolvedBelow(points).filter(({ meanPt }) => (meanPt ?? 0) <= -marginPt);
  if (losses.some((point) => isNoLoss(point) === 'contradicts')) return 'contradicts';
  return points.length === 0 ? 'not-measured' : 'undecided';
}

/** "There is a loss at some n": by the corrected test, of 1 Pt at least (supports). Against it
 *  speaks every n alone, see {@link any}. */
export function lossSomewhere(points: readonly Tested[]): Verdict {
  const below = new Set(resolvedBelow(points));
  return any(
    points.map((point) => {
      const verdict = isLoss(point);
      return verdict === 'supports' && !below.has(point) ? 'undecided' : verdict;
    }),
  );
}

/** "There is a gain at every n": the mean over all n has its interval above 0 and no n has its mean
 *  under 0 (supports); one n lies below 0 by the corrected test, or all together do (contradicts).
 *  @param overall the mean over all n; undefined if there is none */
export function gainEverywhere(overall: Range | undefined, points: readonly Tested[]): Verdict {
  if (points.length === 0) return 'not-measured';
  if (resolvedBelow(points).length > 0) return 'contradicts';
  const verdict = overall ? isAbove(overall) : all(points.map(isAbove));
  const means = points.map(({ meanPt }) => meanPt ?? 0);
  if (verdict === 'supports') return means.every((each) => each > 0) ? verdict : 'undecided';
  const areSmall = means.every((each) => Math.abs(each) < marginPt);
  return verdict === 'negligible' && !areSmall ? 'undecided' : verdict;
}
