// F9: of what the loss of frozen transfer is made, in the middle and at the end.
import { formatInterval, formatPoints } from '../../figures/format.js';
import type { DecompositionPoint, SummaryResults } from '../../study/results/types.js';
import type { Convergence } from '../base-convergence.js';
import {
  all,
  isNone,
  marginPt,
  type PaperFinding,
  unlessUntrained,
  type Verdict,
} from './finding.js';
import { resolvedAbove, resolvedBelow, type Tested } from './joint.js';
import { isEarly, isLate, isMiddle, placesHere } from './layers.js';

/** One n: co-adaptation minus specificity drop. */
type Balance = Tested & { readonly n: number; readonly point: DecompositionPoint };

/** F9. Each n speaks by its larger part, if the difference of the two is resolved, by a test
 *  corrected for the number of n, and the larger part is a loss of a size that counts. */
export function balanceFinding(
  main: SummaryResults,
  weightLayers: number,
  convergence: Convergence,
): PaperFinding {
  const known = main.decomposition.filter(
    ({ n, specificityPt }) => specificityPt !== null && !isEarly(n, weightLayers),
  );
  const balances = known.map(balanceOf);
  const places = [isMiddle, isLate].map((isThere) =>
    balances.filter(({ n }) => isThere(n, weightLayers)),
  );
  const [middle = [], end = []] = places;
  const coadapted = new Set(
    resolvedAbove(balances).filter(({ point }) => counts(point.coadaptationPt)),
  );
  const specific = new Set(
    resolvedBelow(balances).filter(({ point }) => counts(point.specificityPt)),
  );
  const verdict = all([
    placeVerdict(middle, coadapted, specific),
    placeVerdict(end, specific, coadapted),
  ]);
  return unlessUntrained(
    {
      id: 'F9',
      statement: `The loss of frozen transfer is broken co-adaptation in the middle (${placesHere('n = 3 to 5', middle)}) and specificity at the end (${placesHere('n = 6, 7', end)}).`,
      original: 'co-adaptation 60, 75, 64 % at n = 3 to 5; 10, 0 % at n = 6, 7',
      verdict: places.every((there) => there.length > 0) ? verdict : 'not-measured',
      evidence:
        known.length === 0 ? '–' : `Co-adaptation / specificity drop, ${describeParts(known)}`,
    },
    convergence,
  );
}

function counts(dropPt: number | null): boolean {
  return (dropPt ?? 0) >= marginPt;
}

// One n whose larger part is the wrong one decides against, one whose larger part is right decides
// for; both parts too small to count everywhere is a verdict too.
function placeVerdict(
  there: readonly Balance[],
  right: ReadonlySet<Balance>,
  wrong: ReadonlySet<Balance>,
): Verdict {
  if (there.some((each) => wrong.has(each))) return 'contradicts';
  if (there.some((each) => right.has(each))) return 'supports';
  const parts = there.flatMap(({ point }) => [
    { meanPt: null, lowPt: point.coadaptationLowPt, highPt: point.coadaptationHighPt },
    { meanPt: null, lowPt: point.specificityLowPt, highPt: point.specificityHighPt },
  ]);
  return parts.length > 0 && parts.every((part) => isNone(part) === 'supports')
    ? 'negligible'
    : 'undecided';
}

function balanceOf(point: DecompositionPoint): Balance {
  const { n, balancePt, balanceLowPt, balanceHighPt, units } = point;
  return { n, point, meanPt: balancePt, lowPt: balanceLowPt, highPt: balanceHighPt, units };
}

function describeParts(points: readonly DecompositionPoint[]): string {
  if (points.some(({ coadaptationLowPt }) => coadaptationLowPt !== null)) {
    return points.map(describePart).join('; ');
  }
  const parts = points.map(
    ({ n, coadaptationPt, specificityPt }) =>
      `n = ${n}: ${formatPoints(coadaptationPt ?? 0)} / ${formatPoints(specificityPt ?? 0)}`,
  );
  return `${parts.join('; ')} Pt (no intervals: they need 3 clusters)`;
}

function describePart(point: DecompositionPoint): string {
  const { n, coadaptationPt, coadaptationLowPt, coadaptationHighPt } = point;
  const { specificityPt, specificityLowPt, specificityHighPt } = point;
  const one = formatInterval(coadaptationPt, coadaptationLowPt, coadaptationHighPt);
  return `n = ${n}: ${one} / ${formatInterval(specificityPt, specificityLowPt, specificityHighPt)}`;
}
