// Which images of a task are looked at, where not all are.
import { shuffle, streamKey } from '../base/random-stream.js';
import type { Task } from '../data/image-set.js';

/** At most `limit` training images, as many of each class as of any other or one less, drawn at
 *  random. @returns i32, records in the set's order */
export function stratifiedChoice(task: Task, limit: number, name: string): Int32Array {
  const order = shuffle(task.train.slice(), streamKey(['measure', 'train', name]));
  const taken = new Array<number>(task.classes.length).fill(0);
  // The i-th image of its class comes before every (i + 1)-th one.
  const ranked = [...order].map((record) => {
    const label = task.trainLabels[record] as number;
    const rank = taken[label] as number;
    taken[label] = rank + 1;
    return { record, rank };
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, limit);
  return Int32Array.from(chosen, ({ record }) => record).sort();
}

/** At most `limit` validation images in random order: what minibatches are compared in must not be
 *  sorted by class. @returns i32, records */
export function randomChoice(task: Task, limit: number, name: string): Int32Array {
  const order = shuffle(task.val.slice(), streamKey(['measure', 'val', name]));
  return order.subarray(0, limit);
}
