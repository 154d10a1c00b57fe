// F1, F2, F13: how well base networks do.
import { countOf, formatAccuracy, formatInterval } from '../../figures/format.js';
import { mean } from '../../stats/mean.js';
import { familyResults } from '../../study/results/family.js';
import { isMeasured, type Measured } from '../../study/results/measured.js';
import { taskLabelled } from '../../study/results/task-labels.js';
import type { Family, FamilyResults, Results } from '../../study/results/types.js';
import { isAbove, isNone, type PaperFinding, type Range } from './finding.js';
import { decided, sampledDifference, type Scatter } from './sampling.js';

/** F1, F2: accuracies that the paper has of ImageNet; of other data they are shown and not judged.
 *  F13: natural against man-made. ImageNet is known by its numbers: 500 or 1000 classes with 50
 *  test images each. */
export function baseFindings(results: Results, scatter: Scatter): PaperFinding[] {
  const halves = familyResults(results, 'random-halves')?.base;
  const whole = basesOf(results, 'whole');
  return [
    {
      id: 'F1',
      statement:
        'A base network on a random half of ImageNet’s classes reaches 62.5 % (37.5 % error).',
      original: '62.5 %, 0.6 Pt between halves',
      ...judgeAccuracy(
        isImageNet(basesOf(results, 'random-halves'), 500),
        halves?.mean ?? null,
        halves && halves.mean !== null
          ? { ...pointsFrom(halves, 0.625), count: halves.networks }
          : null,
      ),
    },
    wholeFinding(whole, scatter),
    naturalIsEasier(results, scatter),
  ];
}

function wholeFinding(whole: readonly Measured[], scatter: Scatter): PaperFinding {
  const finding = {
    id: 'F2' as const,
    statement: 'A network on all 1000 classes reaches 57.5 % (42.5 % error).',
    original: '57.5 %, one network',
  };
  const isOfImageNet = isImageNet(whole, 1000);
  if (whole.length === 0) return { ...finding, ...judgeAccuracy(isOfImageNet, null, null) };
  const range = sampledDifference(whole, 0.575, scatter);
  const accuracy = mean(whole.map((each) => each.accuracy));
  const judged = judgeAccuracy(isOfImageNet, accuracy, { ...range, count: whole.length });
  return {
    ...finding,
    verdict: decided(range, judged.verdict),
    evidence:
      judged.verdict === 'not-measured'
        ? judged.evidence
        : judged.evidence.replace(/\.$/, `${range.words}.`),
  };
}

function basesOf(results: Results, family: Family): Measured[] {
  return results.networks
    .filter((network) => network.family === family && network.treatment === 'base')
    .filter(isMeasured);
}

function isImageNet(bases: readonly Measured[], expected: number): boolean {
  return bases.every(
    ({ originalName, classes, testImages }) =>
      originalName !== null || (classes === expected && testImages === 50 * expected),
  );
}

function judgeAccuracy(
  isOfImageNet: boolean,
  accuracy: number | null,
  difference: (Range & { readonly count: number }) | null,
): Pick<PaperFinding, 'verdict' | 'evidence'> {
  if (accuracy === null || difference === null) {
    return { verdict: 'not-measured', evidence: 'No such base network here.' };
  }
  const { count, meanPt, lowPt, highPt } = difference;
  const value = `${formatAccuracy(accuracy)} over ${countOf(count)}`;
  if (!isOfImageNet) {
    return {
      verdict: 'not-measured',
      evidence: `${value}; the paper’s number is of ImageNet and is not compared with other data.`,
    };
  }
  return {
    verdict: isNone(difference),
    evidence: `${value}: ${formatInterval(meanPt, lowPt, highPt)} from the paper’s.`,
  };
}

function pointsFrom({ mean, low, high }: FamilyResults['base'], reference: number): Range {
  const points = (value: number | null) => (value === null ? null : 100 * (value - reference));
  return { meanPt: points(mean), lowPt: points(low), highPt: points(high) };
}

function naturalIsEasier(results: Results, scatter: Scatter): PaperFinding {
  const natural = taskLabelled(results, 'natural-man-made', 'natural');
  const bases = basesOf(results, 'natural-man-made');
  const easy = bases.filter(({ target }) => target === natural);
  const hard = bases.filter(({ target }) => target !== natural);
  const finding = {
    id: 'F13' as const,
    statement: 'Natural things are easier to tell apart than man-made ones.',
    original: '65.3 % against 53.7 %',
  };
  if (easy.length === 0 || hard.length === 0) {
    return { ...finding, verdict: 'not-measured', evidence: 'No natural / man-made bases here.' };
  }
  const range = sampledDifference(easy, hard, scatter);
  const [ours, theirs] = [easy, hard].map((side) =>
    formatAccuracy(mean(side.map(({ accuracy }) => accuracy))),
  );
  return {
    ...finding,
    verdict: decided(range, isAbove(range)),
    evidence: `${ours} against ${theirs}: ${formatInterval(range.meanPt, range.lowPt, range.highPt)}${range.lowPt === null ? '' : range.words}.`,
  };
}
