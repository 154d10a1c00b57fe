// The answer in words: what to do, what it reaches, and what it cannot be told apart from.
import { binomialInterval } from '../stats/interval.js';
import type { Advice, AdvisedArm, Outcome } from './advice.js';
import {
  comparison,
  differenceText,
  grouped,
  LEVEL,
  percent,
  sentence,
  shareText,
} from './words.js';

/** What the words are made of. */
export type Facts = Omit<Advice, 'schema' | 'outcome' | 'answer' | 'remarks'> & {
  readonly notes: readonly string[];
};

/** Level of the interval that must lie above guessing: a claim that something can be learned. */
const SURE = 0.99;

/** Whether at some cut a probe of the source's features gets more right than one of features of
 *  random weights: by more than 2.58 standard errors of a difference of two shares p of m images,
 *  sqrt(2 p (1 - p) / m), so that of ten cuts of no worth hardly one is taken for it. */
export function hasLearnedFeatures({ cuts, images }: Facts['cheap']): boolean {
  return cuts.some(({ accuracy, randomWeights }) => {
    if (randomWeights === null) return true;
    const p = (accuracy + randomWeights.accuracy) / 2;
    return accuracy - randomWeights.accuracy > 2.58 * Math.sqrt((2 * p * (1 - p)) / images);
  });
}

/** What the final test comes to. Nothing can be learned where the chosen arm's 99 % interval holds
 *  what guessing reaches; the source brings nothing where it was not told apart from scratch, or
 *  its features not from those of random weights. */
export function outcomeOf({ arms, data, cheap }: Pick<Facts, 'arms' | 'data' | 'cheap'>): Outcome {
  const [chosen] = arms;
  if (chosen === undefined) return 'not known';
  const right = Math.round(chosen.accuracy * data.test);
  if (binomialInterval(right, data.test, SURE).low <= data.guessing) {
    return 'nothing can be learned';
  }
  if (chosen.family === 'scratch' || !hasLearnedFeatures(cheap)) return 'the source brings nothing';
  const scratch = arms.find(({ family }) => family === 'scratch');
  // Cut off before it was there to be compared with.
  if (scratch === undefined) return 'not known';
  return comparison(scratch) === 'better' ? 'use the source' : 'the source brings nothing';
}

/** The answer, a sentence or two an item. */
export function answerOf(facts: Facts): readonly string[] {
  const outcome = outcomeOf(facts);
  const [chosen, ...rivals] = facts.arms;
  if (chosen === undefined) return withoutArms(facts);
  const { test, guessing, classes } = facts.data;
  const reached = `${shareText(chosen)} of ${test} images that had no part in training or choosing; guessing gets ${percent(guessing)}`;
  const first: Readonly<Record<Exclude<Outcome, 'not known'>, string>> = {
    'nothing can be learned': `Nothing can be learned from these labels with this network and these images: the best way found gets ${reached}, which may be guessing.`,
    'use the source': `${sentence(chosen.words)}: it gets ${reached}.`,
    'the source brings nothing':
      chosen.family === 'scratch'
        ? `${sentence(chosen.words)}: it gets ${reached}. Copying from this network did not do better on the images to choose by.`
        : `${whatIsShown(facts)}: the best way to use it (${chosen.words}) gets ${reached}, and ${whyNothing(facts)}.`,
  };
  if (outcome === 'nothing can be learned') return [first[outcome], probeSentence(facts)];
  return [
    first[outcome === 'not known' ? 'use the source' : outcome],
    ...rivals.map((rival) => rivalSentence(rival)),
    costSentence(chosen, facts, rivals),
    ...curveSentences(facts),
    ...(classes.length > 0 ? [probeSentence(facts)] : []),
  ];
}

/** Percentage points below which a gain does not count. */
const COUNTS_PT = 1;

// Not told apart is not the same: where the interval holds gains that count, nothing is shown.
function whatIsShown({ cheap, arms }: Facts): string {
  const gain = arms.find(({ family }) => family === 'scratch')?.chosenLessThis;
  return hasLearnedFeatures(cheap) && gain != null && gain.highPt > COUNTS_PT
    ? 'It is not shown that this network helps, nor that it does not'
    : 'This network brings nothing that can be measured here';
}

function whyNothing({ cheap, arms }: Facts): string {
  const scratch = arms.find(({ family }) => family === 'scratch');
  if (scratch !== undefined && comparison(scratch) === 'worse') {
    return 'training from scratch does better';
  }
  if (!hasLearnedFeatures(cheap)) {
    return 'its features cannot be told apart from those of random weights at any cut';
  }
  return 'cannot be told apart from training from scratch; more images to judge with would tell';
}

function withoutArms(facts: Facts): readonly string[] {
  return [
    'No way of training was finished: what follows is what frozen features say.',
    probeSentence(facts),
  ];
}

function probeSentence({ cheap }: Pick<Facts, 'cheap'>): string {
  const best = [...cheap.cuts].sort((a, b) => b.accuracy - a.accuracy || b.n - a.n)[0];
  if (best === undefined) return 'No features were looked at.';
  const weights = best.randomWeights;
  const nulls = [
    ...(weights === null ? [] : [`${percent(weights.accuracy)} with random weights`]),
    `${percent(best.randomLabels.accuracy)} with random labels`,
  ];
  return `Before training, a linear probe on frozen features did best after ${best.name}: ${percent(best.accuracy)} of ${cheap.images} training images by cross-validation (${nulls.join(', ')}).`;
}

function rivalSentence(rival: AdvisedArm): string {
  const by = differenceText(rival);
  const what = rivalWords(rival);
  switch (comparison(rival)) {
    case 'better':
      return `It is better than ${what}, which gets ${percent(rival.accuracy)} (${by}).`;
    case 'worse':
      return `On these images it is worse than ${what}, which gets ${percent(rival.accuracy)} (${by}): the images to choose by said otherwise.`;
    case 'open':
      return `It cannot be told apart from ${what}, which gets ${percent(rival.accuracy)} (${by}).`;
  }
}

function rivalWords({ arm, family, words }: AdvisedArm): string {
  if (family === 'scratch') return 'training from scratch';
  if (arm.treatment === 'probe') return 'fitting the last layer by logistic regression';
  if (family === 'last layer only') return 'training the last layer only, by gradient steps';
  return `another way (${words})`;
}

function costSentence(chosen: AdvisedArm, facts: Facts, rivals: readonly AdvisedArm[]): string {
  const trained = `${grouped(chosen.parametersTrained)} of ${grouped(facts.model.parameters)} parameters learn`;
  const cheaper = rivals
    .filter(
      (each) => comparison(each) === 'open' && each.parametersTrained < chosen.parametersTrained,
    )
    .sort((a, b) => a.parametersTrained - b.parametersTrained)[0];
  const hint =
    cheaper === undefined
      ? ''
      : ` Where it must be cheap, take ${cheaper.words}: ${grouped(cheaper.parametersTrained)} parameters learn, and no difference was found.`;
  return `It was trained in ${Math.round(chosen.trainSeconds)} s of this machine; ${trained}.${hint}`;
}

function curveSentences({ curve, extrapolation }: Facts): readonly string[] {
  if (curve.length < 2) return [];
  const reached = curve
    .map(({ imagesPerClass, accuracy }) => `${imagesPerClass} images a class ${percent(accuracy)}`)
    .join(', ');
  const further =
    extrapolation === null
      ? ''
      : ` If the line goes on, ${extrapolation.imagesPerClass} images a class reach ${percent(extrapolation.accuracy)} (95 % interval ${percent(extrapolation.low)} to ${percent(extrapolation.high)}).`;
  return [`With fewer images it gets: ${reached}.${further}`];
}

/** Epochs below which it is said that more of them may change the answer. */
const FEW_EPOCHS = 10;

const SYNSET = /^n\d{8}$/;

/** What limits the answer. */
export function remarksOf(facts: Facts): readonly string[] {
  const { model, data, preprocessing, isWhole, arms, epochs } = facts;
  const isImageNet = model.classes === 1000;
  const names = data.classes.filter((name) => SYNSET.test(name)).length;
  const ties = preprocessing.tried.filter(({ p }) => p !== null && p >= LEVEL);
  return [
    ...(isWhole
      ? []
      : [
          'This is the answer so far: not all that was planned was trained. The same command resumes it.',
        ]),
    ...(epochs !== null && epochs < FEW_EPOCHS
      ? [
          `There was time for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} of training: fine-tuning and scratch may reach more with a longer --budget.`,
        ]
      : []),
    ...(isImageNet && names > 0
      ? [
          `${names} of the ${data.classes.length} classes are called as those of ImageNet, and the network has 1000 outputs: it has probably seen these classes, and what it gets here flatters it.`,
        ]
      : []),
    ...(preprocessing.from === 'trial' ? [preparedText(preprocessing, ties)] : []),
    ...(arms.length > 0
      ? [
          'Each way was trained once: the intervals are those of the test images, not of another training.',
        ]
      : []),
  ];
}

function preparedText(
  { chosen, tried }: Facts['preprocessing'],
  ties: Facts['preprocessing']['tried'],
): string {
  const shown = tried.map(({ name, accuracy }) => `${name} ${percent(accuracy)}`).join(', ');
  const open =
    ties.length === 0
      ? ''
      : ` It cannot be told apart from ${ties.map(({ name }) => name).join(' and ')}.`;
  return `The file does not say how images are prepared; ${chosen.name} was taken, by a linear probe of each convention: ${shown}.${open} --preprocess says it.`;
}
