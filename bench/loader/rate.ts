// How many images a second a source of minibatches delivers when nobody keeps it waiting.
import { square } from '../../src/data/image-form.js';
import { streamKey } from '../../src/base/random-stream.js';
import type { ImageSet } from '../../src/data/image-set.js';
import { prefetchingSource } from '../../src/data/minibatch/loader/prefetch.js';
import type { TrainBatchOptions } from '../../src/data/minibatch/minibatch.js';
import { directSource, type MinibatchSource } from '../../src/data/minibatch/minibatch-source.js';
import { makeTask } from '../../src/data/classes/task.js';

/** What is measured. */
export interface RateRequest {
  readonly store: string;
  readonly set: ImageSet;
  readonly batch: number;
  readonly crop: number;
  /** 0: in this thread. */
  readonly loaders: number;
  readonly seconds: number;
  readonly shuffle?: TrainBatchOptions['shuffle'];
  /** Called after the first minibatches, before the clock starts. */
  readonly beforeTiming?: () => void;
}

const keys = { order: streamKey(['bench order']), augment: streamKey(['bench augment']) };
// Threads of this build.
const SCRIPT = new URL('../../src/data/minibatch/loader/thread.js', import.meta.url);

// Endless for any measurement.
const ITERATIONS = 1e9;

/** Images a second over `seconds`, after two minibatches a loader and two more that are not
 *  counted. */
export async function imagesPerSecond(request: RateRequest): Promise<number> {
  const { store, set, batch, crop, loaders, seconds, shuffle, beforeTiming } = request;
  const task = makeTask(set, set.classes, null);
  const cut = { batch, crop: square(crop), mirror: true, keys: { ...keys } };
  const options: TrainBatchOptions = shuffle === undefined ? cut : { ...cut, shuffle };
  const source: MinibatchSource =
    loaders === 0
      ? directSource(task, options)
      : prefetchingSource(task, {
          ...{ store, imagesPerClass: null, batch: options, loaders, script: SCRIPT },
          plan: { from: 0, iterations: ITERATIONS, testEvery: ITERATIONS },
        });
  try {
    let iteration = 0;
    for (; iteration < 2 * loaders + 2; iteration++) await source.train(iteration);
    beforeTiming?.();
    const started = performance.now();
    let images = 0;
    while (performance.now() - started < 1000 * seconds) {
      await source.train(iteration++);
      images += batch;
    }
    if (loaders > 0 && source.loaders === 0) throw new Error('the loader threads gave up');
    return (1000 * images) / (performance.now() - started);
  } finally {
    source.dispose();
  }
}
