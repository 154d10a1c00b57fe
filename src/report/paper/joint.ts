// Claims about several n at once: each n is tested, and the chance that any of them misleads is
// held at that of one test.
import { holm } from '../../stats/holm.js';
import { pOfInterval } from '../../stats/interval.js';
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

/** A mean with its 95 % interval of so many independent values, percentage points. */
export interface Tested extends Range {
  readonly units: number;
}

/** Which of the values differ from `from`, by t tests whose p are corrected for their number by
 *  Holm's method: false for all with a probability of 95 % if all are `from`. */
function areResolved(points: readonly Tested[], from = 0): boolean[] {
  const shifted = (end: number | null) => (end === null ? null : end - from);
  const values = points.map(({ lowPt, highPt, units }) =>
    pOfInterval({ low: shifted(lowPt), high: shifted(highPt) }, units),
  );
  return holm(values).map((p) => p !== null && p < 0.05);
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

/** "There is no loss at any n": every interval lies above -1 Pt (supports); at some n the loss is
 *  larger than 1 Pt by the corrected test (contradicts). */
export function noLossAnywhere(points: readonly Tested[]): Verdict {
  if (points.length === 0) return 'not-measured';
  const verdicts = points.map(isNoLoss);
  if (verdicts.every((each) => each === 'supports')) return 'supports';
  const isResolved = areResolved(points, -marginPt);
  const isLost = verdicts.some((each, i) => each === 'contradicts' && isResolved[i]);
  return isLost ? 'contradicts' : 'undecided';
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
