// F6, F10, F11: copies that keep learning.
import { formatAccuracy, formatInterval, formatPoints, formatRange } from '../../figures/format.js';
import { mean } from '../../stats/mean.js';
import { overallComparison } from '../../study/results/comparisons.js';
import { matchNetworks, type MatchedNetwork } from '../../study/results/measured.js';
import type { Comparison, SummaryResults, NetworkResult } from '../../study/results/types.js';
import type { Convergence } from '../base-convergence.js';
import { isAbove, isNone, type PaperFinding, unlessUntrained, type Verdict } from './finding.js';
import { gainEverywhere, noLossAnywhere } from './joint.js';
import { listPoints, pointsOf } from './layers.js';

/** Findings about BnB+ and AnB+, each beside the control that the original lacked.
 *  @param networks those that `main` summarises
 *  @param isResolved whether one of {@link headlinesOf} differs from 0, p corrected */
export function tunedFindings(
  main: SummaryResults,
  networks: readonly NetworkResult[],
  convergence: Convergence,
  isResolved: (comparison: Comparison) => boolean,
): PaperFinding[] {
  const selffer = pointsOf(main, 'BnB+');
  const transfer = pointsOf(main, 'AnB+');
  const over = (against: Comparison['against']) => overallComparison(main, 'AnB+', against);
  const [base, own, restart] = [over('base'), over('BnB+'), over('warm-restart')];
  const pooled = main.table1[0]?.overSelfferPt ?? null;
  const matched = matchNetworks(networks);
  const of = (treatment: 'BnB+' | 'AnB+') =>
    matched.filter(({ network }) => network.treatment === treatment);
  return [
    unlessUntrained(
      {
        id: 'F6',
        statement: 'Fine-tuning mends broken co-adaptation: BnB+ is nowhere below its base.',
        original: 'at or above the base at every n',
        verdict: noLossAnywhere(selffer),
        evidence: `${listPoints(selffer)}${selffer.length === 0 ? '' : `. ${countAbove(of('BnB+'))}`}`,
      },
      convergence,
    ),
    {
      id: 'F10',
      statement: 'Fine-tuned transfer (AnB+) beats its base at every n.',
      original: '+1.6 Pt published, pooled; +1.0 Pt matched',
      verdict: ifResolved(gainEverywhere(base, transfer), base, isResolved),
      evidence: [
        ...(base ? [`${text(base)}.`] : []),
        `${listPoints(transfer)}.`,
        ...(transfer.length === 0 ? [] : [countAbove(of('AnB+'))]),
        controlled(restart),
      ].join(' '),
    },
    {
      id: 'F11',
      statement:
        'Fine-tuned transfer beats the fine-tuned selffer (AnB+ above BnB+): the other task adds something.',
      original: '+1.4 Pt published, pooled; 0.0 Pt matched by target',
      verdict:
        pooled === null
          ? 'not-measured'
          : own
            ? ifResolved(isAbove(own), own, isResolved)
            : 'undecided',
      evidence: own
        ? `Matched, ${text(own)}${pooled === null ? '' : `; pooled as the paper did it: ${formatPoints(pooled)} Pt`}.`
        : pooled === null
          ? '–'
          : `Pooled as the paper did it: ${formatPoints(pooled)} Pt. ${unpaired(of('AnB+'), of('BnB+'))}`,
    },
  ];
}

/** A question of F10 or F11, with its share of the errors that a study may make in them. */
export interface WeightedQuestion {
  readonly comparison: Comparison;
  readonly weight: number;
}

// What F11 asks is of little interest where the answer to F10 is not known, and gets all that F10
// leaves over where it is (Holm): a small share of its own suffices for an effect that is clear.
const shares = { base: 0.9, 'BnB+': 0.1 } as const;

/** The questions of F10 and F11, in a summary: over all n, against the base and against BnB+. */
export function headlinesOf(main: SummaryResults): WeightedQuestion[] {
  return (['base', 'BnB+'] as const).flatMap((against) => {
    const comparison = overallComparison(main, 'AnB+', against);
    return comparison === undefined ? [] : [{ comparison, weight: shares[against] }];
  });
}

// What rests on the mean over all n needs the p that is corrected for the number of such questions.
// One n against a gain at every n has its own correction.
function ifResolved(
  verdict: Verdict,
  overall: Comparison | undefined,
  isResolved: (comparison: Comparison) => boolean,
): Verdict {
  if (overall === undefined || isResolved(overall)) return verdict;
  const isDecided =
    verdict === 'supports' || (verdict === 'contradicts' && (overall.highPt ?? 0) < 0);
  return isDecided ? (isNone(overall) === 'supports' ? 'negligible' : 'undecided') : verdict;
}

function countAbove(networks: readonly MatchedNetwork[]): string {
  const above = networks.filter(({ overBasePt }) => overBasePt > 0).length;
  return `${above} of ${networks.length} networks lie above their own base.`;
}

// What a pooled difference owes to the targets, where no target has both sides.
function unpaired(ours: readonly MatchedNetwork[], theirs: readonly MatchedNetwork[]): string {
  const sides = [ours, theirs].map((side) => ({
    base: mean(side.map(({ network, overBasePt }) => network.accuracy - overBasePt / 100)),
    overPt: mean(side.map(({ overBasePt }) => overBasePt)),
  }));
  const [a, b] = sides;
  const alone = 'No target has both, so nothing can be paired';
  if (a?.overPt == null || b?.overPt == null) return `${alone}.`;
  return [
    `${alone}: the bases of the AnB+ targets average ${formatAccuracy(a.base)},`,
    `those of BnB+ ${formatAccuracy(b.base)}. Over their own bases`,
    `AnB+ gains ${formatPoints(a.overPt)} and BnB+ ${formatPoints(b.overPt)} Pt.`,
  ].join(' ');
}

function controlled(restart: Comparison | undefined): string {
  return restart
    ? `Against the warm restart, the base simply trained again: ${text(restart)}.`
    : 'There is no warm restart here: a gain may come from training twice.';
}

// Without p: each of the findings is one of many questions.
function text({ layers, meanPt, lowPt, highPt }: Comparison): string {
  return `n = ${formatRange(layers)}: ${formatInterval(meanPt, lowPt, highPt)}`;
}
