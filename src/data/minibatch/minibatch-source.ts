// Where a training run takes its minibatches from: made on the spot, or ahead of time by loader
// threads (loader/).
import type { Minibatch, Task } from '../image-set.js';
import {
  allocateMinibatch,
  loadTestMinibatch,
  loadTrainMinibatch,
  type TrainBatchOptions,
} from './minibatch.js';

/** Gives minibatches, at once or later (where images must be decoded); each is valid until the next
 *  is asked for. */
export interface MinibatchSource {
  /** Threads that load ahead; 0 if minibatches are made when asked for. */
  readonly loaders: number;
  /** Training minibatch of an iteration, see {@link loadTrainMinibatch}. */
  train(iteration: number): Minibatch | Promise<Minibatch>;
  /** Test minibatch `index`, see {@link loadTestMinibatch}. */
  test(index: number): Minibatch | Promise<Minibatch>;
  /** Ends its threads; no minibatch may be asked for afterwards. */
  dispose(): void;
}

/** Makes every minibatch in the calling thread, in one buffer.
 *  @throws DataError if crop or batch do not fit */
export function directSource(task: Task, options: TrainBatchOptions): MinibatchSource {
  const buffer = allocateMinibatch(task.set, options);
  return {
    loaders: 0,
    train: (iteration) => loadTrainMinibatch(task, options, iteration, buffer),
    test: (index) => loadTestMinibatch(task, options, index, buffer),
    dispose: () => {},
  };
}
