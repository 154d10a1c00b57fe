// Images that pass through a network once, in order and as tests cut them, to be looked at.
import type { Minibatch, Task } from '../../data/image-set.js';
import {
  allocateMinibatch,
  loadTestMinibatch,
  type TestBatchOptions,
} from '../../data/minibatch/minibatch.js';

/** Some images of a task. */
export interface ImageChoice {
  readonly task: Task;
  readonly part: 'train' | 'val';
  /** Records of the part, all of the task: the images in their order; left out: all that the task
   *  has. */
  readonly records?: Int32Array;
}

/** A minibatch of which the first `rows` are images; the rest is padding. */
export interface PassedImages {
  readonly minibatch: Minibatch;
  readonly rows: number;
}

/** How many images a choice has. */
export function imageCount({ task, part, records }: ImageChoice): number {
  return (records ?? task[part]).length;
}

/** The images, minibatch by minibatch in one buffer: each is valid until the next is asked for.
 *  Windows are of the middle, nothing is mirrored, training images too.
 *  @param options what the network takes
 *  @throws DataError if crop or batch do not fit, or an image cannot be read */
export async function* passImages(
  choice: ImageChoice,
  options: TestBatchOptions,
): AsyncGenerator<PassedImages> {
  const task = asTested(choice);
  const buffer = allocateMinibatch(task.set, options);
  const count = imageCount(choice);
  for (let index = 0; index * options.batch < count; index++) {
    const minibatch = await loadTestMinibatch(task, options, index, buffer);
    yield { minibatch, rows: Math.min(options.batch, count - index * options.batch) };
  }
}

// A task whose validation images are the chosen ones.
function asTested({ task, part, records }: ImageChoice): Task {
  const { set } = task;
  const valLabels = part === 'val' ? task.valLabels : task.trainLabels;
  return { ...task, set: { ...set, val: set[part] }, val: records ?? task[part], valLabels };
}
