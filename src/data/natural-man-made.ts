// The dissimilar split: natural against man-made classes of ILSVRC2012, which cover Tiny ImageNet's.
import { readFileSync } from 'node:fs';
import { DataError } from '../base/errors.js';
import { inByteOrder } from './byte-order.js';
import { type ClassHalves, listed } from './splits.js';

// Beside src/ and dist/ alike.
const LISTS = new URL('../../assets/ilsvrc2012-natural-man-made.txt', import.meta.url);

/** Splits WordNet synset ids ("n01440764") by the authors' lists: **A = man-made, B = natural, as in the paper's text**. (The
 *  authors' repository has the letters the other way round: its half0 of "natman" A is natural.)
 *  @throws DataError naming the ids that are not among ILSVRC2012's 1000, or if one side is empty */
export function naturalManMade(classes: readonly string[]): ClassHalves {
  const kinds = ilsvrcKinds();
  const unknown = classes.filter((name) => !kinds.has(name));
  if (unknown.length > 0) {
    throw new DataError(
      `natural-man-made: not among the 1000 synsets of ILSVRC2012: ${listed(inByteOrder(unknown))}`,
      {
        hint: 'Classes must be named by synset id; list others with tasks: {classes: {A: …, B: …}}.',
      },
    );
  }
  const sorted = inByteOrder(classes);
  const halves = {
    A: sorted.filter((name) => kinds.get(name) === 'man-made'),
    B: sorted.filter((name) => kinds.get(name) === 'natural'),
  };
  if (halves.A.length === 0 || halves.B.length === 0) {
    throw new DataError(
      `natural-man-made: found ${halves.A.length} man-made and ${halves.B.length} natural classes, wanted some of both`,
    );
  }
  return halves;
}

let cached: ReadonlyMap<string, string> | undefined;

/** Kind ("natural" or "man-made") of each ILSVRC2012 synset, in the order of the competition's class indices. */
export function ilsvrcKinds(): ReadonlyMap<string, string> {
  cached ??= new Map(
    readFileSync(LISTS, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, string]),
  );
  return cached;
}
