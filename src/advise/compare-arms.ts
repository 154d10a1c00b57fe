// The chosen arm against its rivals on the final test: every difference is one of the same images.
import { relative } from 'node:path';
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import type { Network } from '../net/network.js';
import { holm } from '../stats/holm.js';
import { binomialInterval } from '../stats/interval.js';
import { pairedDifference } from '../stats/paired.js';
import { frozenLayers } from '../study/treatment-segments.js';
import type { AdvisedArm, Difference, Share } from './advice.js';
import type { AdviceContext } from './advice-context.js';
import { type Arm, armWords, familyOf } from './arms.js';
import type { Judgement } from './judged.js';

/** A share of right answers with its exact interval. */
export function shareOf(answers: readonly number[], labels: readonly number[]): Share {
  const right = answers.filter((each, at) => each === labels[at]).length;
  return { accuracy: right / labels.length, ...binomialInterval(right, labels.length, 0.95) };
}

/** The arms of the final test with intervals and differences, the chosen one first. */
export function comparedArms(
  { directory, source, data }: AdviceContext,
  { labels, arms }: Judgement,
): readonly AdvisedArm[] {
  const [chosen, ...rivals] = arms;
  if (chosen === undefined) return [];
  const differences = differencesTo(
    chosen.answers,
    rivals.map(({ answers }) => answers),
    labels,
  );
  const segments = segmentsOf(source.network);
  return arms.map((each, at): AdvisedArm => {
    const { arm, selectionAccuracy, seconds, study, network } = each;
    const cut = arm.n === 0 ? null : (segments[arm.n - 1]?.name ?? String(arm.n));
    return {
      arm,
      words: armWords(arm, segments.length, cut ?? ''),
      family: familyOf(arm, segments.length),
      cut,
      ...shareOf(each.answers, labels),
      selectionAccuracy,
      chosenLessThis: differences[at - 1] ?? null,
      trainSeconds: seconds,
      parametersTrained: trainedParameters(source.network, data.classes.length, arm),
      study: relative(directory, study),
      network,
    };
  });
}

/** What the answers of one have more right than those of each rival; p by Holm's rule for all. */
export function differencesTo(
  chosen: readonly number[],
  rivals: readonly (readonly number[])[],
  labels: readonly number[],
): readonly Difference[] {
  const differences = rivals.map((answers) => differenceOf(chosen, answers, labels));
  const adjusted = holm(differences.map(({ p }) => p));
  return differences.map((each, at) => ({ ...each, p: adjusted[at] ?? each.p }));
}

function differenceOf(
  first: readonly number[],
  second: readonly number[],
  labels: readonly number[],
): Difference {
  let [onlyFirst, onlySecond] = [0, 0];
  labels.forEach((label, at) => {
    const [a, b] = [first[at] === label, second[at] === label];
    if (a && !b) onlyFirst++;
    if (b && !a) onlySecond++;
  });
  const found = pairedDifference({ onlyFirst, onlySecond, images: labels.length });
  return {
    differencePt: 100 * found.difference,
    lowPt: 100 * found.low,
    highPt: 100 * found.high,
    p: found.p,
  };
}

/** Numbers that training of an arm changes; LP-FT in the end changes all. */
function trainedParameters(network: Network, classes: number, arm: Arm): number {
  const treatment = arm.treatment === 'probe' ? 'AnB' : arm.treatment;
  const frozen = new Set(frozenLayers(network, { ...arm, treatment }));
  return [...factsOf(network, classes)].reduce(
    (sum, [name, { parameters }]) => sum + (frozen.has(name) ? 0 : parameters),
    0,
  );
}
