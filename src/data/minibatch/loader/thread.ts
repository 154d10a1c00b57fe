// A loader thread: makes every k-th minibatch of a run ahead of the engine. Whatever goes wrong
// here, it closes the ring; the engine's thread then makes its minibatches itself and meets the
// same error there, if there is one.
import { workerData } from 'node:worker_threads';
import type { Selection } from '../../classes/selection.js';
import type { SharedStore } from '../../image-set.js';
import {
  allocateMinibatch,
  loadTestMinibatch,
  loadTrainMinibatch,
  type TrainBatchOptions,
} from '../minibatch.js';
import { openStore } from '../../store/open-store.js';
import { makeTask } from '../../classes/task.js';
import { type RequestPlan, requests } from './requests.js';
import { Ring, type RingShape } from './ring.js';

/** What a loader thread is started with. */
export interface LoaderData {
  readonly store: string;
  /** What of the store is in memory: read once, shared by all threads. */
  readonly shared?: SharedStore;
  readonly classes: readonly string[];
  readonly imagesPerClass: number | null;
  /** Training images that are kept aside; left out: none. */
  readonly selection?: Selection;
  readonly options: TrainBatchOptions;
  readonly plan: RequestPlan;
  readonly shape: RingShape;
  readonly buffer: SharedArrayBuffer;
  /** This thread takes tickets `loader`, `loader + loaders`, ... */
  readonly loader: number;
  readonly loaders: number;
}

async function load(data: LoaderData, ring: Ring): Promise<void> {
  const set = openStore(data.store, data.shared);
  const task = makeTask(set, data.classes, data.imagesPerClass, data.selection);
  // Filled here and copied as a whole: the runtime copies single rows into shared memory byte by
  // byte.
  const own = allocateMinibatch(task.set, data.options);
  let ticket = 0;
  for (const { part, index } of requests(data.plan)) {
    const isMine = ticket % data.loaders === data.loader;
    const make = part === 'train' ? loadTrainMinibatch : loadTestMinibatch;
    if (isMine) {
      // This thread has nothing else to do while it waits for a free slot.
      const into = ring.awaitFree(ticket);
      if (into === null) return;
      await make(task, data.options, index, own);
      into.crops.set(own.crops);
      into.windows.set(own.windows);
      into.labels.set(own.labels);
      ring.handOver(ticket);
    }
    ticket += 1;
  }
}

const data = workerData as LoaderData;
const ring = new Ring(data.shape, data.buffer);
await load(data, ring).catch(() => ring.close());
