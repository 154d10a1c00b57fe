// Two trainings of one network side by side: is every number of the second that of the first, and
// if not, where does the first difference lie?
import jStat from 'jstat';
import { canonicalJson, type Json } from '../../base/canonical-json.js';
import type { Answers } from '../../runs/answers.js';
import type { MetricsLine } from '../../runs/metrics.js';
import type { RunExecutor, RunRecord } from '../../runs/record.js';
import { meanOfLargest } from '../../stats/mean.js';
import { pairedDifference } from '../../stats/paired.js';
import { onlyIn } from '../results/image-pairs.js';
import type { TrainingNoise } from '../results/training-noise.js';

/** What a run that has ended left. */
export interface EndedRun {
  readonly record: RunRecord;
  readonly tests: readonly MetricsLine[];
  /** Null if it left none. */
  readonly answers: Answers | null;
}

/** The first number in which two runs differ. */
export interface Difference {
  /** In words, e.g. "testLoss". */
  readonly what: string;
  /** Of the test that it is of; null if it is of the whole run. */
  readonly iteration: number | null;
  readonly recorded: Json;
  readonly reproduced: Json;
}

/** A fact of the machine or its software that was another one. */
export interface EnvironmentDifference {
  readonly what: keyof RunExecutor;
  readonly recorded: string | number;
  readonly reproduced: string | number;
}

/** Final accuracies, fractions, and how far apart they may be. */
export interface AccuracyChange {
  readonly recorded: number;
  readonly reproduced: number;
  /** Reproduced minus recorded, percentage points. */
  readonly differencePt: number;
  /** Half of the 95 % interval around 0 of differences that chance alone makes; null if nothing
   *  tells. */
  readonly expectedPt: number | null;
  /** What the interval is of. */
  readonly of: 'training noise' | 'test images' | null;
}

const lineKeys = [
  'iteration',
  'epoch',
  'learningRate',
  'trainLoss',
  'testLoss',
  'testAccuracy',
] as const satisfies readonly (keyof MetricsLine)[];

/** Which fields of a record have to be equal. */
const recordKeys = {
  schema: false,
  name: true,
  identity: true,
  state: true,
  iterations: true,
  finalAccuracy: true,
  finalTestLoss: true,
  top10Accuracy: true,
  finalTrainLoss: true,
  valImages: true,
  classes: true,
  frozenAudit: true,
  frozenStatistics: true,
  tests: true,
  weightsHash: true,
  // Where, when and how fast; `message` has times in it where a run failed.
  executor: false,
  trainSeconds: false,
  ended: false,
  loading: false,
  message: false,
  pretrained: false,
} as const satisfies Record<keyof RunRecord, boolean>;

/** The first number in which two runs differ: of their tests in order, then of their records, then
 *  of their answers to single images. Null if none does. What one of them did not note, as earlier
 *  versions did not, says nothing. */
export function firstDifference(recorded: EndedRun, again: EndedRun): Difference | null {
  const lines = Math.max(recorded.tests.length, again.tests.length);
  for (let i = 0; i < lines; i++) {
    const found = lineDifference(recorded.tests[i], again.tests[i]);
    if (found !== null) return found;
  }
  for (const key of Object.keys(recordKeys) as (keyof RunRecord)[]) {
    const [one, other] = [recorded.record[key], again.record[key]] as const;
    if (!recordKeys[key] || one === undefined || other === undefined) continue;
    if (!areSame(one, other)) return difference(key, null, one, other);
  }
  return answersDifference(recorded.answers, again.answers);
}

function lineDifference(
  one: MetricsLine | undefined,
  other: MetricsLine | undefined,
): Difference | null {
  const present = one ?? other;
  if (one === undefined || other === undefined) {
    const told = (line: MetricsLine | undefined): Json =>
      line === undefined ? 'no test' : 'a test';
    return difference('tests', present?.iteration ?? null, told(one), told(other));
  }
  const key = lineKeys.find((each) => !areSame(one[each], other[each]));
  return key === undefined ? null : difference(key, one.iteration, one[key], other[key]);
}

function answersDifference(one: Answers | null, other: Answers | null): Difference | null {
  if (one === null || other === null) return null;
  if (one.imagesHash !== other.imagesHash) {
    return difference('hash of the test images', null, one.imagesHash, other.imagesHash);
  }
  const { onlyFirst, onlySecond } = disagreements(one, other);
  if (onlyFirst + onlySecond === 0) return null;
  const words = (right: number): Json => `${right} right that the other has wrong`;
  return difference('answers to single images', null, words(onlyFirst), words(onlySecond));
}

function difference(
  what: string,
  iteration: number | null,
  recorded: unknown,
  reproduced: unknown,
): Difference {
  return { what, iteration, recorded: recorded as Json, reproduced: reproduced as Json };
}

const areSame = (one: unknown, other: unknown): boolean =>
  canonicalJson(one as Json) === canonicalJson(other as Json);

/** In what a run's record contradicts its own metrics; null if it does not. Whoever changed a
 *  record by hand forgot one of them. */
export function selfContradiction({ record, tests }: EndedRun): Difference | null {
  const last = tests.at(-1);
  if (last === undefined || record.state === 'failed') return null;
  const own = {
    iterations: last.iteration,
    finalAccuracy: last.testAccuracy,
    finalTestLoss: last.testLoss,
    top10Accuracy: meanOfLargest(tests.map(({ testAccuracy }) => testAccuracy)),
  };
  for (const [key, value] of Object.entries(own) as [keyof typeof own, number | null][]) {
    if (!areSame(record[key], value)) return difference(key, null, record[key], value);
  }
  return null;
}

/** Whether another value of a fact may change a rounding. */
const changesArithmetic = {
  name: true,
  version: true,
  instructionSet: true,
  threads: true,
  host: false,
} as const satisfies Record<keyof RunExecutor, boolean>;

/** What the second training's executor has other than the first's. The name of the host is among
 *  it: it changes no number by itself. */
export function environmentDifferences(
  recorded: RunExecutor,
  again: RunExecutor,
): readonly EnvironmentDifference[] {
  return (Object.keys(changesArithmetic) as (keyof RunExecutor)[])
    .filter((what) => recorded[what] !== again[what])
    .map((what) => ({ what, recorded: recorded[what], reproduced: again[what] }));
}

/** Whether other arithmetic may have been used: then numbers differ from the first rounding on. */
export function isOtherArithmetic(differences: readonly EnvironmentDifference[]): boolean {
  return differences.some(({ what }) => changesArithmetic[what]);
}

/** Final accuracies of two trainings of one network, and the 95 % interval of their difference if
 *  only chance parts them: t sqrt(2) sd with the standard deviation of training again, which other
 *  rounding does not exceed; if that is not known, 1.96 standard errors of the paired difference on
 *  the same test images. Null if one of them has no accuracy. */
export function accuracyChange(
  recorded: EndedRun,
  again: EndedRun,
  noise: TrainingNoise | null,
): AccuracyChange | null {
  const [one, other] = [recorded.record.finalAccuracy, again.record.finalAccuracy];
  if (one === null || other === null) return null;
  const differencePt = 100 * (other - one);
  const accuracies = { recorded: one, reproduced: other, differencePt };
  if (noise !== null) {
    const t = jStat.studentt.inv(0.975, noise.degrees);
    return { ...accuracies, expectedPt: t * Math.SQRT2 * noise.sdPt, of: 'training noise' };
  }
  const { answers } = recorded;
  if (answers === null || again.answers?.imagesHash !== answers.imagesHash) {
    return { ...accuracies, expectedPt: null, of: null };
  }
  const { images } = answers;
  const { standardError } = pairedDifference({ ...disagreements(answers, again.answers), images });
  return { ...accuracies, expectedPt: 196 * standardError, of: 'test images' };
}

const disagreements = (one: Answers, other: Answers) => ({
  onlyFirst: onlyIn(one, other),
  onlySecond: onlyIn(other, one),
});
