// F3-F5, F7-F9: frozen copies, from the own task and from the other one.
import { formatInterval, formatPoints } from '../../figures/format.js';
import type { DecompositionPoint, FamilyResults } from '../../study/results/types.js';
import {
  all,
  any,
  isBelow,
  isLoss,
  isNoLoss,
  isNone,
  type PaperFinding,
  type Verdict,
} from './finding.js';
import { isEarly, isLate, isMiddle, listPoints, type Point, pointsOf } from './layers.js';

/** Findings about BnB and AnB. */
export function frozenFindings(main: FamilyResults, weightLayers: number): PaperFinding[] {
  const selffer = pointsOf(main, 'BnB');
  const transfer = pointsOf(main, 'AnB');
  const early = ({ n }: Point) => isEarly(n, weightLayers);
  const last = ({ n }: Point) => n === weightLayers - 1;
  // The paper's dip is at n = 3 to 6: everything between the first layers and the last.
  const between = (point: Point) => !early(point) && !last(point);
  return [
    {
      id: 'F3',
      statement:
        'Copying and freezing the own first layers costs nothing (BnB at n = 1, 2 is not below its base).',
      original: '+0.4, 0.0 Pt at n = 1, 2',
      verdict: all(selffer.filter(early).map(isNoLoss)),
      evidence: listPoints(selffer.filter(early)),
    },
    {
      id: 'F4',
      statement: 'Middle layers are co-adapted: BnB falls below its base there (n = 3 to 6).',
      original: '−0.2, −1.9, −3.0, −0.5 Pt at n = 3 to 6',
      verdict: any(selffer.filter(between).map(isLoss)),
      evidence: listPoints(selffer.filter(between)),
    },
    {
      id: 'F5',
      statement: 'With all but the classifier copied, BnB is back at its base.',
      original: '0.0 Pt at n = 7',
      verdict: all(selffer.filter(last).map(isNone)),
      evidence: listPoints(selffer.filter(last)),
    },
    {
      id: 'F7',
      statement:
        'First layers are general: frozen transfer (AnB) at n = 1, 2 loses almost nothing.',
      original: '+0.3, −0.1 Pt at n = 1, 2',
      verdict: all(transfer.filter(early).map(isNoLoss)),
      evidence: listPoints(transfer.filter(early)),
    },
    {
      id: 'F8',
      statement:
        'Later layers are specific: frozen transfer loses at the last layer, and nowhere more.',
      original: '−0.6, −2.5, −4.7, −4.4, −8.3 Pt at n = 3 to 7',
      verdict: fallsTowardsEnd(transfer, weightLayers),
      evidence: listPoints(transfer.filter((point) => !early(point))),
    },
    dominance(main.decomposition, weightLayers),
  ];
}

// A loss at the last n. An earlier n that loses more contradicts if the intervals are apart, and
// leaves it open if they overlap.
function fallsTowardsEnd(points: readonly Point[], weightLayers: number): Verdict {
  const last = points.find(({ n }) => n === weightLayers - 1);
  if (!last) return 'not-measured';
  const isDeeper = points.some(
    ({ highPt }) => highPt !== null && highPt < (last.lowPt ?? -Infinity),
  );
  const verdict = isDeeper ? 'contradicts' : isBelow(last);
  const isLowest = points.every(({ meanPt }) => (meanPt ?? 0) >= (last.meanPt ?? 0));
  return verdict === 'supports' && !isLowest ? 'undecided' : verdict;
}

// Each n speaks by its larger part, if the difference of the two is resolved; what is not resolved
// says nothing.
function dominance(points: readonly DecompositionPoint[], weightLayers: number): PaperFinding {
  const known = points.filter(({ specificityPt }) => specificityPt !== null);
  const parts = known.filter(({ n }) => !isEarly(n, weightLayers));
  const places = [isMiddle, isLate].map((isThere) =>
    parts.filter(({ n }) => isThere(n, weightLayers)),
  );
  const verdicts = places.map((there, place): Verdict => {
    const dominant = there.map(dominantPart).filter((part) => part !== null);
    if (dominant.length === 0) return 'undecided';
    const expected = place === 0 ? 'co-adaptation' : 'specificity';
    return dominant.every((part) => part === expected) ? 'supports' : 'contradicts';
  });
  return {
    id: 'F9',
    statement:
      'The loss of frozen transfer is broken co-adaptation in the middle (n = 3 to 5) and specificity at the end (n = 6, 7).',
    original: 'co-adaptation 60, 75, 64 % at n = 3 to 5; 10, 0 % at n = 6, 7',
    verdict: places.every((there) => there.length > 0) ? all(verdicts) : 'not-measured',
    evidence:
      parts.length === 0 ? '–' : `Co-adaptation / specificity drop, ${describeParts(parts)}`,
  };
}

// The larger part, if the interval of their difference leaves 0 out and that part is a loss at all.
function dominantPart(point: DecompositionPoint): 'co-adaptation' | 'specificity' | null {
  const { balanceLowPt, balanceHighPt, coadaptationPt, specificityPt } = point;
  if (balanceLowPt === null || balanceHighPt === null) return null;
  if (balanceLowPt > 0 && (coadaptationPt ?? 0) > 0) return 'co-adaptation';
  return balanceHighPt < 0 && (specificityPt ?? 0) > 0 ? 'specificity' : null;
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
