// Where measurements are made: the open tasks and weights of one job.
import type { ImageSet, Task } from '../data/image-set.js';
import { makeTask } from '../data/classes/task.js';
import { openStore } from '../data/store/open-store.js';
import type { Executor } from '../executors/executor.js';
import { networkFiles } from '../runs/files.js';
import { expectTrainedWeights } from '../runs/weights.js';
import { readSafetensors } from '../tensor/safetensors.js';
import {
  type ForwardNetwork,
  type Look,
  type NamedTensors,
  openForwardNetwork,
} from '../train/forward/forward-network.js';
import type { TaskSpec } from '../train/job.js';
import { meanPixels } from '../train/mean-pixels.js';
import type { MeasureJob, Subject } from './job.js';

/** Images of a minibatch: enough for a stable estimate of similarity, few enough for memory. */
export const BATCH = 64;

/** Validation images of a network at whose cuts is looked. */
export interface Viewing {
  readonly subject: Subject;
  /** On images of this task. */
  readonly target: string;
  readonly looks: readonly Look[];
  readonly ends: readonly number[];
  /** Another mean image than that of the subject's own kind. */
  readonly meanTask?: TaskSpec;
}

/** The data and the weights of a job; each is opened when it is asked for. */
export class Place {
  readonly job: MeasureJob;
  readonly #executor: Executor;
  readonly #sets = new Map<string, ImageSet>();
  readonly #tasks = new Map<string, Task>();
  readonly #means = new Map<string, Promise<Float32Array>>();
  readonly #hashes = new Map<string, string>();

  constructor(job: MeasureJob, executor: Executor) {
    this.job = job;
    this.#executor = executor;
  }

  /** Hash of the weights of every network that was read so far, by name. */
  get hashes(): ReadonlyMap<string, string> {
    return this.#hashes;
  }

  /** A task of the job by its name. @throws DataError if its images are not there */
  task(target: string): Task {
    return this.#open(this.job.tasks[target] as TaskSpec);
  }

  /** The weights of a network. @throws RunStoreError unless they are those that were trained */
  weights(name: string): NamedTensors {
    const files = networkFiles(this.job.studyDirectory, name);
    if (!this.#hashes.has(name)) this.#hashes.set(name, expectTrainedWeights(files));
    return readSafetensors(files.weights).tensors;
  }

  /** Opens a network for looking at it. @throws what `openForwardNetwork` throws */
  async open({ subject, target, looks, ends, meanTask }: Viewing): Promise<ForwardNetwork> {
    const { job } = this;
    const isOther = subject.target !== target && job.mean === 'target';
    const mean = meanTask ?? (isOther ? (job.tasks[target] as TaskSpec) : subject.meanTask);
    const options = {
      ...{ network: job.network, classes: subject.classes, weights: this.weights(subject.name) },
      ...{ mean: await this.#mean(mean), images: this.task(target).set.form },
      ...{ batch: BATCH, ends, looks },
    };
    return openForwardNetwork(options, this.#executor);
  }

  #open(spec: TaskSpec): Task {
    const key = JSON.stringify(spec);
    const set = this.#sets.get(spec.store) ?? openStore(spec.store);
    this.#sets.set(spec.store, set);
    const task =
      this.#tasks.get(key) ?? makeTask(set, spec.classes, spec.imagesPerClass, spec.selection);
    this.#tasks.set(key, task);
    return task;
  }

  #mean(spec: TaskSpec): Promise<Float32Array> {
    const key = JSON.stringify(spec);
    const mean =
      this.#means.get(key) ?? meanPixels(this.job.network, this.#open(spec), this.job.augment);
    this.#means.set(key, mean);
    return mean;
  }
}
