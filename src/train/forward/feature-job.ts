// What a worker is asked to look at: features of images at the cuts of one network. Data only: it
// travels as a JSON file, and the answer as a file of tensors.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Json } from '../../base/canonical-json.js';
import {
  type Check,
  count,
  listOf,
  objectOf,
  oneOf,
  optional,
  someObject,
  text,
  unchecked,
} from '../../base/checks.js';
import { RunStoreError } from '../../base/errors.js';
import { parseChecked } from '../../base/json-file.js';
import { makeTask } from '../../data/classes/task.js';
import { partNames, type PartName } from '../../data/parts.js';
import { openStore } from '../../data/store/open-store.js';
import { type ExecutorName, executorNames } from '../../executors/names.js';
import type { Executor } from '../../executors/executor.js';
import type { Network } from '../../net/network.js';
import { readSafetensors, writeSafetensors } from '../../tensor/safetensors.js';
import { f32, type HostTensor, i32 } from '../../tensor/tensor.js';
import { freshWeights } from '../initial-values.js';
import type { TaskSpec } from '../job.js';
import { taskSpec } from '../job-file.js';
import { meanPixels } from '../mean-pixels.js';
import { openForwardNetwork } from './forward-network.js';
import { imageCount, passImages } from './image-pass.js';

/** Features to be computed. */
export interface FeatureJob {
  readonly network: Network;
  /** Outputs of the layers that have as many as there are classes. */
  readonly classes: number;
  /** A weights.safetensors; not needed with `random`. */
  readonly weights?: string;
  /** Names the stream that all weights are drawn from instead. */
  readonly random?: readonly Json[];
  /** Images, all of a part of the task, in its order. */
  readonly task: TaskSpec;
  readonly part: PartName;
  /** Ordinals of segments at whose ends features are taken; the last one's are the logits. */
  readonly ends: readonly number[];
  readonly batch: number;
  readonly executor: ExecutorName;
  readonly threads: number;
  /** File that the features go to. */
  readonly out: string;
}

/** Features of the images of a part. */
export interface Features {
  /** i32 [N]: labels of the task. */
  readonly labels: Int32Array;
  /** f32 [N,D], by ordinal of the segment. */
  readonly ends: ReadonlyMap<number, HostTensor>;
}

const jobCheck: Check<FeatureJob> = objectOf<FeatureJob>({
  // What is in it is checked when its program is built.
  network: someObject<Network>(),
  classes: count,
  weights: optional(text),
  random: optional(listOf(unchecked<Json>())),
  task: taskSpec,
  part: oneOf<PartName>(...partNames),
  ends: listOf(count),
  batch: count,
  executor: oneOf(...executorNames),
  threads: count,
  out: text,
});

const HINT = 'Give the command again: the file is written anew.';

/** The job in a file. @throws RunStoreError if it is damaged */
export function readFeatureJob(path: string): FeatureJob {
  return parseChecked(path, readFileSync(path, 'utf8'), jobCheck, HINT);
}

/** Computes the features and writes them to `job.out`.
 *  @throws DataError, RunStoreError if images or weights are not there or do not fit; what the
 *  executor throws */
export async function computeFeatures(job: FeatureJob, executor: Executor): Promise<void> {
  const { network, classes, ends, batch, part } = job;
  const set = openStore(job.task.store);
  const own = makeTask(set, job.task.classes, job.task.imagesPerClass);
  // Of the test part as of validation images: they are looked at, never trained on.
  const task = part === 'test' ? makeTask({ ...set, val: set.test }, own.classes, null) : own;
  const choice = { task, part: part === 'train' ? 'train' : 'val' } as const;
  const images = set.form;
  const mean = await meanPixels(network, own, undefined);
  const weights =
    job.random === undefined
      ? readSafetensors(job.weights ?? '').tensors
      : freshWeights(network, classes, job.random);
  const options = { network, classes, weights, mean, images, batch, ends };
  const open = await openForwardNetwork({ ...options, looks: ['features'] }, executor);
  const total = imageCount(choice);
  const found = new Map<number, HostTensor>();
  try {
    let done = 0;
    for await (const { minibatch, rows } of passImages(choice, open.takes)) {
      for (const [end, { data, shape }] of await open.look('features', minibatch)) {
        const width = shape[1] ?? 1;
        const all = found.get(end) ?? f32([total, width]);
        found.set(end, all);
        all.data.set(data.subarray(0, rows * width), done * width);
      }
      done += rows;
    }
  } finally {
    open.dispose();
  }
  const [records, labelOf] =
    part === 'train' ? [task.train, task.trainLabels] : [task.val, task.valLabels];
  const labels = Int32Array.from(records, (record) => labelOf[record] as number);
  const tensors = Object.fromEntries([...found].map(([end, tensor]) => [`${end}`, tensor]));
  writeSafetensors(job.out, { ...tensors, labels: i32([total], labels) });
}

/** What {@link computeFeatures} wrote; null if it did not, or the file is damaged (it goes
 *  then). */
export async function readFeatures(path: string): Promise<Features | null> {
  try {
    const { labels, ...ends } = readSafetensors(path).tensors;
    if (!(labels?.data instanceof Int32Array)) return null;
    const named = Object.entries(ends).map(([end, tensor]) => [Number(end), tensor] as const);
    return { labels: labels.data, ends: new Map(named) };
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    await rm(path, { force: true });
    return null;
  }
}
