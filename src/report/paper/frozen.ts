// F3-F5, F7, F8: frozen copies, from the own task and from the other one.
import type { SummaryResults } from '../../study/results/types.js';
import type { Convergence } from '../base-convergence.js';
import { isLoss, type PaperFinding, unlessUntrained, type Verdict } from './finding.js';
import { lossSomewhere, noLossAnywhere } from './joint.js';
import { isEarly, listPoints, placesHere, type Point, pointsOf } from './layers.js';

/** Findings about BnB and AnB. Where bases are not trained to their end, none of them can say that
 *  copying costs nothing, nor that a loss is not there. */
export function frozenFindings(
  main: SummaryResults,
  weightLayers: number,
  convergence: Convergence,
): PaperFinding[] {
  const selffer = pointsOf(main, 'BnB');
  const transfer = pointsOf(main, 'AnB');
  const early = ({ n }: Point) => isEarly(n, weightLayers);
  const last = ({ n }: Point) => n === weightLayers - 1;
  // The paper's dip is at n = 3 to 6: everything between the first layers and the last.
  const between = (point: Point) => !early(point) && !last(point);
  const firsts = { own: selffer.filter(early), other: transfer.filter(early) };
  const findings: PaperFinding[] = [
    {
      id: 'F3',
      statement: `Copying and freezing the own first layers costs nothing: BnB is not below its base there (${placesHere('n = 1, 2', firsts.own)}).`,
      original: '+0.4, 0.0 Pt at n = 1, 2',
      verdict: noLossAnywhere(firsts.own),
      evidence: listPoints(firsts.own),
    },
    {
      id: 'F4',
      statement: `Middle layers are co-adapted: BnB falls below its base there (${placesHere('n = 3 to 6', selffer.filter(between))}).`,
      original: '−0.2, −1.9, −3.0, −0.5 Pt at n = 3 to 6',
      verdict: lossSomewhere(selffer.filter(between)),
      evidence: listPoints(selffer.filter(between)),
    },
    {
      id: 'F5',
      statement: 'With all but the classifier copied, BnB is back at its base.',
      original: '0.0 Pt at n = 7',
      verdict: noLossAnywhere(selffer.filter(last)),
      evidence: listPoints(selffer.filter(last)),
    },
    {
      id: 'F7',
      statement: `First layers are general: frozen transfer, AnB, loses almost nothing there (${placesHere('n = 1, 2', firsts.other)}).`,
      original: '+0.3, −0.1 Pt at n = 1, 2',
      verdict: noLossAnywhere(firsts.other),
      evidence: listPoints(firsts.other),
    },
    {
      id: 'F8',
      statement:
        'Later layers are specific: frozen transfer loses at the last layer, and nowhere more.',
      original: '−0.6, −2.5, −4.7, −4.4, −8.3 Pt at n = 3 to 7',
      verdict: fallsTowardsEnd(transfer, weightLayers),
      evidence: listPoints(transfer.filter((point) => !early(point))),
    },
  ];
  // A loss against a base that is too low is a loss all the more; only F8 speaks of one alone.
  return findings.map((finding) =>
    finding.id === 'F8' && finding.verdict === 'supports'
      ? finding
      : unlessUntrained(finding, convergence),
  );
}

// A loss at the last n. An earlier n that loses more contradicts if the intervals are apart, and
// leaves it open if they overlap.
function fallsTowardsEnd(points: readonly Point[], weightLayers: number): Verdict {
  const last = points.find(({ n }) => n === weightLayers - 1);
  if (!last) return 'not-measured';
  const isDeeper = points.some(
    ({ highPt }) => highPt !== null && highPt < (last.lowPt ?? -Infinity),
  );
  const verdict = isDeeper ? 'contradicts' : isLoss(last);
  const isLowest = points.every(({ meanPt }) => (meanPt ?? 0) >= (last.meanPt ?? 0));
  return verdict === 'supports' && !isLowest ? 'undecided' : verdict;
}
