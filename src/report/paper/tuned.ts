// F6, F10, F11: copies that keep learning.
import { formatAccuracy, formatInterval, formatPoints, formatRange } from '../../figures/format.js';
import { mean } from '../../stats/mean.js';
import { overallComparison } from '../../study/results/comparisons.js';
import { matchNetworks, type MatchedNetwork } from '../../study/results/measured.js';
import type { Comparison, FamilyResults, NetworkResult } from '../../study/results/types.js';
import { all, isAbove, isNoLoss, type PaperFinding, type Verdict } from './finding.js';
import { listPoints, type Point, pointsOf } from './layers.js';

/** Findings about BnB+ and AnB+, each beside the control that the original lacked.
 *  @param networks those that `main` summarises */
export function tunedFindings(
  main: FamilyResults,
  networks: readonly NetworkResult[],
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
    {
      id: 'F6',
      statement: 'Fine-tuning mends broken co-adaptation: BnB+ is nowhere below its base.',
      original: 'at or above the base at every n',
      verdict: all(selffer.map(isNoLoss)),
      evidence: `${listPoints(selffer)}${selffer.length === 0 ? '' : `. ${countAbove(of('BnB+'))}`}`,
    },
    {
      id: 'F10',
      statement: 'Fine-tuned transfer (AnB+) beats its base at every n.',
      original: '+1.6 Pt published, pooled; +1.0 Pt matched',
      verdict: transfer.length === 0 ? 'not-measured' : gains(base, transfer),
      evidence: [
        ...(base ? [`n = ${formatRange(base.layers)}: ${text(base)}.`] : []),
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
      verdict: pooled === null ? 'not-measured' : own ? isAbove(own) : 'undecided',
      evidence: own
        ? `Matched, n = ${formatRange(own.layers)}: ${text(own)}${pooled === null ? '' : `; pooled as the paper did it: ${formatPoints(pooled)} Pt`}.`
        : pooled === null
          ? '–'
          : `Pooled as the paper did it: ${formatPoints(pooled)} Pt. ${unpaired(of('AnB+'), of('BnB+'))}`,
    },
  ];
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

// Every n must be above 0 by its mean, and all of them together by their interval; one n without a
// gain is enough against it.
function gains(base: Comparison | undefined, points: readonly Point[]): Verdict {
  if (points.map(isAbove).includes('contradicts')) return 'contradicts';
  const overall = base ? isAbove(base) : all(points.map(isAbove));
  const isEverywhere = points.every(({ meanPt }) => (meanPt ?? 0) > 0);
  return overall === 'supports' && !isEverywhere ? 'undecided' : overall;
}

function controlled(restart: Comparison | undefined): string {
  return restart
    ? `Against the warm restart, the base simply trained again: ${text(restart)}.`
    : 'There is no warm restart here: a gain may come from training twice.';
}

function text({ meanPt, lowPt, highPt, p }: Comparison): string {
  const value = formatInterval(meanPt, lowPt, highPt);
  return p === null ? value : `${value}, p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`;
}
