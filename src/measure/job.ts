// What a worker is asked to measure: trained networks of one repeat of a split. Data only: it
// travels as JSON.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import type { Json } from '../base/canonical-json.js';
import {
  type Check,
  count,
  flag,
  listOf,
  mapOf,
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
import type { Augmentation } from '../data/minibatch/augment.js';
import { type ExecutorName, executorNames } from '../executors/names.js';
import type { Network } from '../net/network.js';
import type { MeasuredPlace } from '../study/measurements/types.js';
import type { TaskSpec } from '../train/job.js';
import { taskSpec } from '../train/job-file.js';

/** A trained network whose weights are there. */
export interface Subject {
  readonly name: string;
  readonly identity: string;
  /** The task that it was trained on. */
  readonly target: string;
  /** Outputs of its last layer. */
  readonly classes: number;
  /** Whose mean image it subtracts. */
  readonly meanTask: TaskSpec;
  readonly isBase: boolean;
  /** A base that was read, not trained: of its first values nothing is known. */
  readonly isRead: boolean;
  /** The network whose weights it copies, if they are there; null for bases and what copies no
   *  weights. */
  readonly source: string | null;
  /** Ordinals of the segments that are copied. */
  readonly copied: readonly number[];
  /** Stream name of its first values. */
  readonly initStream: readonly Json[];
}

/** All that a worker needs to measure one place; what it finds depends on nothing else. */
export interface MeasureJob {
  /** Folder of the networks, such as "split0". */
  readonly place: string;
  /** The study's folder, absolute. */
  readonly studyDirectory: string;
  readonly network: Network;
  /** See {@link MeasuredPlace}. */
  readonly imageLimit: number;
  /** Whether features for another task are made with the mean image of the weights' task or of that
   *  task, as the study's networks are. */
  readonly mean: 'source' | 'target';
  readonly augment?: Augmentation;
  /** The tasks that are measured on, by name, and their hashes. */
  readonly tasks: Readonly<Record<string, TaskSpec>>;
  readonly taskHashes: MeasuredPlace['tasks'];
  readonly subjects: readonly Subject[];
  readonly executor: ExecutorName;
  readonly threads: number;
}

const subject: Check<Subject> = objectOf<Subject>({
  name: text,
  identity: text,
  target: text,
  classes: count,
  meanTask: taskSpec,
  isBase: flag,
  isRead: flag,
  source: orNull(text),
  copied: listOf(count),
  initStream: listOf(unchecked<Json>()),
});

const measureJob: Check<MeasureJob> = objectOf<MeasureJob>({
  place: text,
  studyDirectory: text,
  // What is in it is checked when its program is built.
  network: someObject<Network>(),
  imageLimit: count,
  mean: oneOf('source', 'target'),
  augment: optional(someObject<Augmentation>()),
  tasks: mapOf(taskSpec),
  taskHashes: mapOf(text),
  subjects: listOf(subject),
  executor: oneOf(...executorNames),
  threads: count,
});

/** Writes a job where {@link readMeasureJob} finds it. @returns its path */
export function writeMeasureJob(job: MeasureJob, folder: string): string {
  const path = join(folder, 'measure.json');
  writeFileAtomic(path, `${JSON.stringify(job)}\n`);
  return path;
}

/** The job in a file. @throws RunStoreError if there is none, or it is damaged */
export function readMeasureJob(path: string): MeasureJob {
  const hint = 'Measure again: selffer measure DIR.';
  const job = readChecked(path, measureJob, hint);
  if (job === null) throw new RunStoreError(`${path}: does not exist, wanted a job`, { hint });
  return job;
}
