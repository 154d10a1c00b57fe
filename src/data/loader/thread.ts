// A loader thread: makes every k-th minibatch of a run ahead of the engine. Whatever goes wrong here, it closes the ring; the
// engine's thread then makes its minibatches itself and meets the same error there, if there is one.
import { workerData } from 'node:worker_threads';
import { testMinibatch, trainMinibatch, type TrainBatchOptions } from '../minibatch.js';
import { openStore } from '../open-store.js';
import { makeTask } from '../task.js';
import { type RequestPlan, requests } from './requests.js';
import { Ring, type RingShape } from './ring.js';

/** What a loader thread is started with. */
export interface LoaderData {
  readonly store: string;
  /** The store's pixels, if they are in memory: read once, shared by all threads. */
  readonly records?: SharedArrayBuffer;
  readonly classes: readonly string[];
  readonly imagesPerClass: number | null;
  readonly options: TrainBatchOptions;
  readonly plan: RequestPlan;
  readonly shape: RingShape;
  readonly buffer: SharedArrayBuffer;
  /** This thread takes tickets `loader`, `loader + loaders`, ... */
  readonly loader: number;
  readonly loaders: number;
}

function load(data: LoaderData, ring: Ring): void {
  const task = makeTask(openStore(data.store, data.records), data.classes, data.imagesPerClass);
  let ticket = 0;
  for (const { part, index } of requests(data.plan)) {
    const isMine = ticket % data.loaders === data.loader;
    const make = part === 'train' ? trainMinibatch : testMinibatch;
    if (isMine && !ring.fill(ticket, (into) => make(task, data.options, index, into))) return;
    ticket += 1;
  }
}

const data = workerData as LoaderData;
const ring = new Ring(data.shape, data.buffer);
try {
  load(data, ring);
} catch {
  ring.close();
}
