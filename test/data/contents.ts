// What a data set says, in a form that tests can compare.
import type { ImageSet } from '../../src/data/image-set.js';

/** Images of each part as [class, ...pixels], in the set's order. */
export function contents(set: ImageSet): Record<'train' | 'val', (string | number)[][]> {
  const part = (which: 'train' | 'val') =>
    [...set[which].labels].map((label, index) => [
      set.classes[label] as string,
      ...set[which].pixels(index),
    ]);
  return { train: part('train'), val: part('val') };
}

/** The first `length` bytes of a pattern of its own for each seed: no two seeds share a long
 *  run. */
export function pattern(seed: number, length: number): Uint8Array {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
