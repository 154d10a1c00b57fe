// Minibatches made ahead by threads. Each is a function of (task, keys, place), so neither the
// number of threads nor their speed changes a bit of it.
import { Worker } from 'node:worker_threads';
import { assert } from '../../../base/errors.js';
import type { Selection } from '../../classes/selection.js';
import type { Minibatch, Task } from '../../image-set.js';
import { testMinibatchCount, type TrainBatchOptions } from '../minibatch.js';
import { directSource, type MinibatchSource } from '../minibatch-source.js';
import { type RequestPlan, requests } from './requests.js';
import { allocateRing, Ring, type RingShape } from './ring.js';
import type { LoaderData } from './thread.js';

/** What is loaded, and by how many threads. */
export interface PrefetchOptions {
  readonly store: string;
  readonly imagesPerClass: number | null;
  /** Training images that are kept aside; left out: none. */
  readonly selection?: Selection;
  readonly batch: TrainBatchOptions;
  readonly plan: Omit<RequestPlan, 'testMinibatches'>;
  /** At least 1. */
  readonly loaders: number;
  /** The thread's script; for tests. */
  readonly script?: URL;
  /** For tests. */
  readonly giveUpMs?: number;
}

// Threads run compiled files, also when the caller's are TypeScript (tests).
const SCRIPT = new URL('../../../../dist/data/minibatch/loader/thread.js', import.meta.url);

/** Longest wait for one minibatch from memory. A thread that has died looks like a slow
 *  one while this thread blocks. */
const GIVE_UP_MS = 10_000;

/** Minibatches that wait or are in work beyond one a loader: the one in use, and one ahead. */
const SPARE_SLOTS = 2;

/** Starts loader threads that keep `loaders + 2` minibatches of memory filled ahead of the run.
 *  Minibatches must be asked for in the order of {@link requests}. If the threads fail or fall
 *  silent, this thread makes all further minibatches itself (the same ones), and throws what {@link
 *  directSource} throws. */
export function prefetchingSource(task: Task, options: PrefetchOptions): MinibatchSource {
  const { batch, loaders } = options;
  // Disks may be slow, memory is not.
  const giveUpMs = options.giveUpMs ?? (task.set.contentKey === undefined ? 1 : 6) * GIVE_UP_MS;
  const direct = directSource(task, batch);
  const shape: RingShape = {
    slots: loaders + SPARE_SLOTS,
    batch: batch.batch,
    form: { channels: task.set.form.channels, ...batch.crop },
  };
  const plan = { ...options.plan, testMinibatches: testMinibatchCount(task, batch.batch) };
  const buffer = allocateRing(shape);
  const ring = new Ring(shape, buffer);
  const common: Omit<LoaderData, 'loader'> = {
    store: options.store,
    ...(task.set.shared === undefined ? {} : { shared: task.set.shared }),
    classes: task.classes,
    imagesPerClass: options.imagesPerClass,
    ...(options.selection === undefined ? {} : { selection: options.selection }),
    options: batch,
    plan,
    shape,
    buffer,
    loaders,
  };
  const threads = Array.from({ length: loaders }, (_, loader) =>
    startThread(options.script ?? SCRIPT, { ...common, loader }, () => ring.close()),
  );
  const order = requests(plan);
  let next = 0;
  let isWorking = true;
  const stop = (): void => {
    isWorking = false;
    ring.close();
    for (const thread of threads) void thread.terminate();
  };
  const take = (part: 'train' | 'test', index: number): Minibatch | Promise<Minibatch> => {
    if (isWorking) {
      const { value } = order.next();
      assert(
        value?.part === part && value.index === index,
        `${part} minibatch ${index} asked for, expected ${value?.part} ${value?.index}`,
      );
      if (next > 0) ring.release(next - 1);
      const minibatch = ring.take(next++, giveUpMs);
      if (minibatch !== null) return minibatch;
      stop();
    }
    return direct[part](index);
  };
  return {
    get loaders() {
      return isWorking ? loaders : 0;
    },
    train: (iteration) => take('train', iteration),
    test: (index) => take('test', index),
    dispose: stop,
  };
}

function startThread(script: URL, workerData: LoaderData, onDeath: () => void): Worker {
  const thread = new Worker(script, { workerData });
  thread.on('error', onDeath);
  thread.on('exit', (status) => {
    if (status !== 0) onDeath();
  });
  thread.unref();
  return thread;
}
