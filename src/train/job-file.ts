// Job files: how a gang's job reaches its worker, wherever that runs. <study>/jobs/<gang>.json,
// written whole; gone once the gang is over. One that was left behind is harmless: it is written
// anew before it is read.
import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { Json } from '../base/canonical-json.js';
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
  someObject,
  text,
  unchecked,
} from '../base/checks.js';
import { RunStoreError } from '../base/errors.js';
import { readChecked } from '../base/json-file.js';
import { onFile } from '../base/system-error.js';
import type { Selection } from '../data/classes/selection.js';
import type { Augmentation } from '../data/minibatch/augment.js';
import type { BlockShuffle } from '../data/minibatch/block-order.js';
import { executorNames } from '../executors/names.js';
import type { Network } from '../net/network.js';
import type { Solver, SolverName, SolverSettingsMap } from '../program/solvers/table.js';
import type { RatePolicy, RatePolicyName } from './rate-policies.js';
import type { FurtherTest, GangJob, ImagesInput, NetworkJob, Schedule, TaskSpec } from './job.js';

/** A task as jobs name it. */
export const taskSpec: Check<TaskSpec> = objectOf<TaskSpec>({
  store: text,
  classes: listOf(text),
  imagesPerClass: orNull(count),
  selection: optional(objectOf<Selection>({ share: number, seed: number })),
});

const solverChecks: { readonly [K in SolverName]: Check<SolverSettingsMap[K]> } = {
  sgd: objectOf<SolverSettingsMap['sgd']>({
    momentum: number,
    weightDecay: number,
    nesterov: optional(flag),
  }),
  adamw: objectOf<SolverSettingsMap['adamw']>({
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
  }),
};

const solverKind = oneOf(...(Object.keys(solverChecks) as SolverName[]));

const solver: Check<Solver> = (value) => {
  const { kind } = objectOf<Pick<Solver, 'kind'>>({ kind: solverKind })(value);
  solverChecks[kind](value);
  return value as Solver;
};

const policyChecks: { readonly [K in RatePolicyName]: Check<object> } = {
  exp: objectOf({ gamma: number }),
  inv: objectOf({ gamma: number, power: number }),
  poly: objectOf({ power: number }),
  sigmoid: objectOf({ gamma: number, stepSize: number }),
  cosine: objectOf({ end: number }),
};

const policyKind = oneOf(...(Object.keys(policyChecks) as RatePolicyName[]));

const policy: Check<RatePolicy> = (value) => {
  const { kind } = objectOf<Pick<RatePolicy, 'kind'>>({ kind: policyKind })(value);
  policyChecks[kind](value);
  return value as RatePolicy;
};

const schedule: Check<Schedule> = objectOf<Schedule>({
  batch: count,
  iterations: count,
  learningRate: number,
  gamma: number,
  steps: listOf(count),
  solver,
  policy: optional(policy),
  warmup: optional(count),
  labelSmoothing: optional(number),
  clipNorm: optional(number),
  noDecay: optional(oneOf('norms-and-biases')),
  testEvery: count,
});

const stream = listOf(unchecked<Json>());

const networkJob: Check<NetworkJob> = objectOf<NetworkJob>({
  name: text,
  directory: text,
  identity: text,
  copied: listOf(text),
  frozen: listOf(text),
  source: orNull(text),
  sourceIdentity: orNull(text),
  takes: optional(oneOf('moments')),
  copiedRate: optional(number),
  learningRate: optional(number),
  frozenStatistics: optional(oneOf('target')),
  mean: text,
  initStream: stream,
  frozenInitStream: stream,
  dropoutStream: stream,
  keepWeights: flag,
});

const augmentationChecks: { readonly [K in Augmentation['kind']]: Check<object> } = {
  pad: objectOf({ pixels: count }),
  'resized-crop': objectOf({ area: listOf(number), aspect: listOf(number) }),
};

const augmentationKind = oneOf(...(Object.keys(augmentationChecks) as Augmentation['kind'][]));

const augmentation: Check<Augmentation> = (value) => {
  const { kind } = objectOf<Pick<Augmentation, 'kind'>>({ kind: augmentationKind })(value);
  augmentationChecks[kind](value);
  return value as Augmentation;
};

const imagesInput: Check<ImagesInput> = objectOf<ImagesInput>({
  kind: oneOf('images'),
  target: taskSpec,
  means: mapOf(taskSpec),
  stores: optional(mapOf(text)),
  tests: optional(
    mapOf(
      objectOf<FurtherTest>({
        task: taskSpec,
        part: oneOf('train', 'val', 'selection'),
        data: text,
        images: count,
      }),
    ),
  ),
  mirror: flag,
  augment: optional(augmentation),
  shuffle: optional(objectOf<BlockShuffle>({ block: count, window: count })),
  orderStream: stream,
  augmentStream: stream,
});

const gangJob: Check<GangJob> = objectOf<GangJob>({
  name: text,
  studyDirectory: text,
  // What is in it is checked when its program is built.
  network: someObject<Network>(),
  input: imagesInput,
  schedule,
  networks: listOf(networkJob),
  executor: oneOf(...executorNames),
  precision: oneOf<GangJob['precision']>('fp32', 'bf16'),
  exact: flag,
  threads: count,
  checkpointEverySeconds: number,
  loaders: optional(count),
  profile: optional(flag),
});

/** Folder of a study's job files, relative to the study's. */
export const JOBS = 'jobs';

/** Writes a job where {@link readJob} finds it. @returns its path
 *  @throws FileError if it cannot be written */
export function writeJob(job: GangJob): string {
  const path = join(job.studyDirectory, JOBS, `${job.name}.json`);
  onFile(path, () => mkdirSync(dirname(path), { recursive: true }));
  writeFileAtomic(path, `${JSON.stringify(job)}\n`);
  return path;
}

/** The job in a file.
 *  @throws RunStoreError if there is none, or it is damaged */
export function readJob(path: string): GangJob {
  const hint = 'Run the study again: job files are written anew.';
  const job = readChecked(path, gangJob, hint);
  if (job === null) throw new RunStoreError(`${path}: does not exist, wanted a job`, { hint });
  return job;
}

/** Removes a job file, and the folders that it leaves empty. */
export function removeJob(job: GangJob): void {
  const jobs = join(job.studyDirectory, JOBS);
  const path = join(jobs, `${job.name}.json`);
  rmSync(path, { force: true });
  for (let folder = dirname(path); folder.startsWith(jobs); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return; // others are still in it
    }
  }
}
