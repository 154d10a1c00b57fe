// A run's run.json, written when it ends: type, content, and the one place that reads and writes
// it.
import { writeFileAtomic } from '../base/atomic-file.js';
import {
  type Check,
  count,
  flag,
  listOf,
  mapOf,
  number,
  objectOf,
  oneOf,
  optional,
  orNull,
  text,
} from '../base/checks.js';
import { readChecked } from '../base/json-file.js';
import { isDead } from '../stats/dead.js';
import { meanOfLargest } from '../stats/mean.js';
import type { MetricsLine } from './metrics.js';

/** What stays of a frozen tensor: SHA-256 (plain layout) before and after training. */
export interface FrozenTensor {
  readonly tensor: string;
  readonly before: string;
  readonly after: string;
  readonly equal: boolean;
}

/** What trained a run, and where. */
export interface RunExecutor {
  readonly name: string;
  readonly version: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly host: string;
}

/** What a network reached on a further set of images. */
export interface FurtherResult {
  /** SHA-256 over what the images are. */
  readonly data: string;
  readonly images: number;
  readonly accuracy: number;
}

/** A network's run.json. No times in it that results.json could pick up. */
export interface RunRecord {
  readonly schema: 'selffer.run/1';
  readonly name: string;
  readonly identity: string;
  readonly state: 'done' | 'dead' | 'failed';
  readonly iterations: number;
  /** Last test. */
  readonly finalAccuracy: number | null;
  readonly finalTestLoss: number | null;
  /** Mean of the 10 best tests. */
  readonly top10Accuracy: number | null;
  /** Mean training loss since the test before the last; left out by earlier versions. */
  readonly finalTrainLoss?: number | null;
  readonly valImages: number;
  readonly classes: number;
  readonly frozenAudit: readonly FrozenTensor[];
  /** `target`: means and variances of frozen batch norms were re-estimated, so the audit leaves
   *  them out; left out: it has them. */
  readonly frozenStatistics?: 'target';
  /** Null for imported runs, which others trained. */
  readonly executor: RunExecutor | null;
  readonly trainSeconds: number;
  /** SHA-256 of weights.safetensors as it was written; left out if none was kept, and by older
   *  versions. */
  readonly weightsHash?: string;
  /** ISO time at which it was written; left out of imported runs and by earlier versions. */
  readonly ended?: string;
  /** Loader threads, and the share of the last session's time spent waiting for minibatches. */
  readonly loading?: { readonly loaders: number; readonly waitShare: number };
  /** Further tests after its last iteration, by name; left out if there were none. */
  readonly tests?: Readonly<Record<string, FurtherResult>>;
  readonly message?: string;
  /** Where its weights come from if it was not trained: file, hash of its weights, and what the
   *  study states that they have seen. */
  readonly pretrained?: Pretrained;
}

/** Origin of weights that were read. */
export interface Pretrained {
  readonly file: string;
  readonly weights: string;
  readonly hasSeen: readonly string[];
}

const frozenTensor = objectOf<FrozenTensor>({
  tensor: text,
  before: text,
  after: text,
  equal: flag,
});

const runExecutor = objectOf<RunExecutor>({
  name: text,
  version: text,
  instructionSet: text,
  threads: count,
  host: text,
});

const runRecord: Check<RunRecord> = objectOf<RunRecord>({
  schema: oneOf('selffer.run/1'),
  name: text,
  identity: text,
  state: oneOf('done', 'dead', 'failed'),
  iterations: count,
  finalAccuracy: orNull(number),
  finalTestLoss: orNull(number),
  top10Accuracy: orNull(number),
  finalTrainLoss: optional(orNull(number)),
  valImages: count,
  classes: count,
  frozenAudit: listOf(frozenTensor),
  frozenStatistics: optional(oneOf('target')),
  executor: orNull(runExecutor),
  trainSeconds: number,
  weightsHash: optional(text),
  ended: optional(text),
  tests: optional(mapOf(objectOf<FurtherResult>({ data: text, images: count, accuracy: number }))),
  loading: optional(objectOf({ loaders: count, waitShare: number })),
  message: optional(text),
  pretrained: optional(objectOf<Pretrained>({ file: text, weights: text, hasSeen: listOf(text) })),
});

/** What a record is made of. */
export interface RunFacts extends Pick<
  RunRecord,
  'name' | 'identity' | 'iterations' | 'valImages' | 'classes' | 'frozenAudit' | 'executor'
> {
  /** All lines of metrics, in order. */
  readonly tests: readonly MetricsLine[];
  /** Smallest mean training loss of any line; null if there is none. */
  readonly lowestTrainLoss: number | null;
  readonly trainSeconds: number;
  readonly furtherTests?: NonNullable<RunRecord['tests']>;
  readonly frozenStatistics?: 'target';
  readonly weightsHash?: string;
  readonly ended?: string;
  readonly loading?: NonNullable<RunRecord['loading']>;
  readonly pretrained?: Pretrained;
  /** Why it ended before its last iteration. */
  readonly failure?: string;
}

/** The record of a run that has ended: failed, dead (never left chance) or done. */
export function composeRecord(facts: RunFacts): RunRecord {
  const { name, identity, iterations, tests, valImages, classes } = facts;
  const { failure, loading, weightsHash, ended, pretrained } = facts;
  const { furtherTests, frozenStatistics } = facts;
  const last = tests.at(-1);
  const dead =
    last !== undefined &&
    isDead({
      correct: Math.round(last.testAccuracy * valImages),
      valImages,
      classes,
      lowestTrainLoss: facts.lowestTrainLoss,
    });
  return {
    schema: 'selffer.run/1',
    name,
    identity,
    state: failure !== undefined ? 'failed' : dead ? 'dead' : 'done',
    iterations,
    finalAccuracy: last?.testAccuracy ?? null,
    finalTestLoss: last?.testLoss ?? null,
    top10Accuracy: meanOfLargest(tests.map((test) => test.testAccuracy)),
    finalTrainLoss: last?.trainLoss ?? null,
    valImages,
    classes,
    frozenAudit: facts.frozenAudit,
    ...(frozenStatistics === undefined ? {} : { frozenStatistics }),
    executor: facts.executor,
    trainSeconds: facts.trainSeconds,
    ...(weightsHash === undefined ? {} : { weightsHash }),
    ...(ended === undefined ? {} : { ended }),
    ...(loading === undefined ? {} : { loading }),
    ...(furtherTests === undefined ? {} : { tests: furtherTests }),
    ...(failure === undefined ? {} : { message: failure }),
    ...(pretrained === undefined ? {} : { pretrained }),
  };
}

/** The record at `path`; null if the run has not ended. @throws RunStoreError if it is damaged */
export function readRecord(path: string): RunRecord | null {
  return readChecked(path, runRecord, 'Remove its folder; the network is trained again.');
}

/** Writes a record whole. A reader that sees it may rely on the run's other files. */
export function writeRecord(path: string, record: RunRecord): void {
  writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
}
