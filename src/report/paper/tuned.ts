// F6, F10, F11: copies that go on learning.
import { formatInterval, formatPoints } from '../../figures/format.js';
import type { Comparison, FamilyResults } from '../../study/results/types.js';
import { all, isAbove, isNoLoss, type PaperFinding, type Verdict } from './finding.js';
import { listPoints, type Point, pointsOf } from './layers.js';

/** Findings about BnB+ and AnB+, each beside the control that the original lacked. */
export function tunedFindings(main: FamilyResults, weightLayers: number): PaperFinding[] {
  const selffer = pointsOf(main, 'BnB+');
  const transfer = pointsOf(main, 'AnB+');
  // A network of two layers has one n and no range.
  const range = weightLayers > 2 ? `1-${weightLayers - 1}` : '1';
  const over = (against: Comparison['against']) =>
    main.comparisons.find(
      (each) => each.treatment === 'AnB+' && each.against === against && each.layers === range,
    );
  const [base, own, restart] = [over('base'), over('BnB+'), over('warm-restart')];
  const pooled = main.table1[0]?.overSelfferPt ?? null;
  return [
    {
      id: 'F6',
      statement: 'Fine-tuning mends broken co-adaptation: BnB+ is nowhere below its base.',
      original: 'at or above the base at every n',
      verdict: all(selffer.map(isNoLoss)),
      evidence: listPoints(selffer),
    },
    {
      id: 'F10',
      statement: 'Fine-tuned transfer (AnB+) beats its base at every n.',
      original: '+1.6 Pt published, pooled; +1.0 Pt matched',
      verdict: transfer.length === 0 ? 'not-measured' : gains(base, transfer),
      evidence: `${base ? `n = ${range.replace('-', '–')}: ${text(base)}. ` : ''}${listPoints(transfer)}. ${controlled(restart)}`,
    },
    {
      id: 'F11',
      statement:
        'Fine-tuned transfer beats the fine-tuned selffer (AnB+ above BnB+): the other task adds something.',
      original: '+1.4 Pt published, pooled; 0.0 Pt matched by target',
      verdict: pooled === null ? 'not-measured' : own ? isAbove(own) : 'undecided',
      evidence: own
        ? `Matched, n = ${range.replace('-', '–')}: ${text(own)}${pooled === null ? '' : `; pooled as the paper did it: ${formatPoints(pooled)} Pt`}.`
        : pooled === null
          ? '–'
          : `Pooled as the paper did it: ${formatPoints(pooled)} Pt; no target has both, so the two are not matched.`,
    },
  ];
}

// Every n must be above 0 by its mean, and all of them together by their interval; one n without a gain is enough against it.
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
