// The final test: what the chosen arm and its rivals answer to images that had no part in training
// or choosing. Each is asked once.
import { type Check, count, flag, listOf, number, objectOf, text } from '../base/checks.js';
import { segmentsOf } from '../net/cuts.js';
import { networkFiles } from '../runs/files.js';
import { expectTrainedWeights, fileHash } from '../runs/weights.js';
import type { AdviceContext } from './advice-context.js';
import { type Arm, armCheck } from './arms.js';
import { answersOf } from './answers.js';
import { featuresOf, rowsAt } from './features.js';
import { probeWeights } from './probe-arm.js';
import type { ArmResult } from './round.js';

/** An arm and its answers to the images of the final test. */
export interface JudgedArm {
  readonly arm: Arm;
  /** On the images to choose by. */
  readonly selectionAccuracy: number;
  readonly seconds: number;
  readonly study: string;
  readonly network: string;
  /** Class that each test image was given, in the part's order. */
  readonly answers: readonly number[];
  /** Probability that it was given with. */
  readonly confidence: readonly number[];
}

/** The final test. */
export interface Judgement {
  /** Classes of the test images. */
  readonly labels: readonly number[];
  /** The chosen one first. */
  readonly arms: readonly JudgedArm[];
  readonly isWhole: boolean;
}

/** Check of one that is read back. */
export const judgementCheck: Check<Judgement> = objectOf<Judgement>({
  labels: listOf(count),
  arms: listOf(
    objectOf<JudgedArm>({
      arm: armCheck,
      selectionAccuracy: number,
      seconds: number,
      study: text,
      network: text,
      answers: listOf(count),
      confidence: listOf(number),
    }),
  ),
  isWhole: flag,
});

/** Asks the trained networks of some arms.
 *  @param results the chosen one first
 *  @throws RunStoreError if a network's weights are not those that were trained */
export async function judge(
  context: AdviceContext,
  results: readonly ArmResult[],
  isWhole: boolean,
): Promise<Judgement> {
  let labels: readonly number[] = [];
  const arms: JudgedArm[] = [];
  for (const { arm, accuracy, seconds, study, network } of results) {
    const weights = weightsOf(context, arm, study, network);
    const last = segmentsOf(context.source.network).length;
    const features = await featuresOf(context, {
      preprocessing: context.preprocessing,
      weights,
      ...{ part: 'test', imagesPerClass: null, ends: [last] },
    });
    labels = [...features.labels];
    const { answers, confidence } = answersOf(rowsAt(features, last));
    arms.push({ arm, selectionAccuracy: accuracy, seconds, study, network, answers, confidence });
  }
  return { labels, arms, isWhole };
}

function weightsOf({ directory }: AdviceContext, arm: Arm, study: string, network: string) {
  if (arm.treatment === 'probe') {
    const file = probeWeights(directory);
    return { file, identity: fileHash(file) };
  }
  const files = networkFiles(study, network);
  return { file: files.weights, identity: expectTrainedWeights(files) };
}
