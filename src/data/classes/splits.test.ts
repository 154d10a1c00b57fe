import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from './byte-order.js';
import { ilsvrcKinds, naturalManMade } from './natural-man-made.js';
import { legacyChoice } from './numpy-legacy.js';
import {
  checkSameImages,
  explicitHalves,
  randomHalves,
  wholeTask,
  type ClassHalves,
} from './splits.js';

// numpy 2.4.6: np.sort(np.random.RandomState([s]).choice(N, N//2, replace=False)); first numbers,
// then the sum of all.
test.each([
  [20, 0, [1, 4, 6, 7, 10, 11, 14, 15, 16, 19], 103],
  [21, 0, [1, 4, 6, 10, 11, 14, 15, 16, 17, 19], 113],
  [53, 7, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 18, 19, 22, 23, 28, 30, 31, 32], 527],
  [62, 1, [0, 7, 8, 11, 14, 15, 16, 18, 20, 21, 23, 26, 29, 30, 32, 36, 39, 41, 42], 1060],
  [100, 2, [2, 3, 5, 7, 8, 9, 11, 12, 13, 16, 17, 22, 23, 24, 26, 27, 28, 29, 33, 35], 2305],
  [101, 4294967295, [0, 1, 2, 3, 5, 8, 10, 12, 17, 20, 21, 24, 26, 27, 29, 30, 31], 2477],
  [1, 0, [], 0],
  [3, 5, [0], 0],
])("half of %i with seed %i is numpy's", (population, seed, first, sum) => {
  const chosen = [...legacyChoice(population, Math.floor(population / 2), seed)];
  expect(chosen.slice(0, first.length)).toEqual(first);
  expect(chosen.reduce((total, index) => total + index, 0)).toBe(sum);
});

/** Names in byte order whose index can be read back. */
const numbered = Array.from({ length: 1000 }, (_, index) => `c${String(index).padStart(3, '0')}`);
const indices = (names: readonly string[]) => names.map((name) => Number(name.slice(1)));

// Facts of the original: first ten classes of A, and how many of the 13 felids (281-293) fall on
// each half.
test.each([
  [0, [0, 1, 2, 5, 9, 10, 15, 16, 17, 19], [7, 6]],
  [1, [1, 5, 7, 9, 15, 16, 17, 19, 20, 21], [9, 4]],
  [2, [0, 2, 4, 5, 8, 9, 10, 13, 15, 17], [6, 7]],
  [3, [0, 5, 6, 7, 8, 10, 12, 14, 18, 24], [10, 3]],
])("seed %i of 1000 classes gives the paper's halves", (seed, first, felids) => {
  const { A, B } = randomHalves(numbered, seed);
  expect(indices(A).slice(0, 10)).toEqual(first);
  const cats = (names: readonly string[]) =>
    indices(names).filter((index) => index >= 281 && index <= 293).length;
  expect([cats(A), cats(B)]).toEqual(felids);
});

test('halves are disjoint, cover the classes, have the right sizes and ignore the order given', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), {
    minLength: 2,
    maxLength: 60,
  });
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(names, seeds, (classes, seed) => {
      const { A, B } = randomHalves(classes, seed);
      expect(A.length).toBe(Math.floor(classes.length / 2));
      expect(inByteOrder([...A, ...B])).toEqual(inByteOrder(classes));
      expect(A).toEqual(inByteOrder(A));
      expect(B).toEqual(inByteOrder(B));
      expect(randomHalves([...classes].reverse(), seed)).toEqual({ A, B });
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('byte order is that of UTF-8, not of UTF-16 code units', () => {
  expect(inByteOrder(['\u{1F600}', '\uFF21', 'b', 'a', 'B', 'ä'])).toEqual([
    ...['B', 'a', 'b', 'ä', '\uFF21', '\u{1F600}'],
  ]);
});

test.each([-1, 0.5, 2 ** 32, NaN])('seed %d is refused', (seed) => {
  expect(() => randomHalves(['a', 'b'], seed)).toThrow(DataError);
});

test('explicit lists are sorted and checked', () => {
  const classes = ['a', 'b', 'c', 'd'];
  expect(explicitHalves(classes, { A: ['c', 'a'], B: ['b'] })).toEqual({ A: ['a', 'c'], B: ['b'] });
  const refused = (A: string[], B: string[]) => () => explicitHalves(classes, { A, B });
  expect(refused(['a', 'x', 'y'], ['b'])).toThrow('task A: the data set has no classes x, y');
  expect(refused(['a'], ['b', 'b'])).toThrow('task B names class b more than once');
  expect(refused(['a', 'b'], ['b'])).toThrow('tasks A and B share class b');
  expect(refused(['a'], [])).toThrow('task B: its list of classes is empty');
  expect(wholeTask(['b', 'a'])).toEqual(['a', 'b']);
  expect(() => randomHalves(['a'], 0)).toThrow(/at least 2/);
});

test('two data sets need equal images', () => {
  const form = { channels: 3, height: 64, width: 64 };
  checkSameImages(form, { ...form });
  for (const other of [{ channels: 1 }, { height: 28 }, { width: 28 }]) {
    const { channels, height, width } = { ...form, ...other };
    expect(() => checkSameImages(form, { ...form, ...other })).toThrow(
      `A has 3x64x64, B has ${channels}x${height}x${width}`,
    );
  }
});

test('natural and man-made: A is man-made as in the paper, ids outside the 1000 are named', () => {
  const all = [...ilsvrcKinds().keys()];
  expect(all).toEqual(inByteOrder(all));
  const { A, B } = naturalManMade(all);
  expect([A.length, B.length]).toEqual([551, 449]);
  // Tench is natural, an aircraft carrier is not.
  expect(naturalManMade(['n02687172', 'n01440764'])).toEqual({
    A: ['n02687172'],
    B: ['n01440764'],
  });
  expect(() => naturalManMade(['n01440764', 'n9', 'dog'])).toThrow(/found classes dog, n9, wanted/);
  expect(() => naturalManMade(['n01440764'])).toThrow(/0 man-made and 1 natural/);
});

const reference = new URL('../../../../shared/reference/ilsvrc12/', import.meta.url);
const present = existsSync(reference);

// The original's validation list of a half: lines of the whole list whose class is in it,
// relabelled 0.., order kept.
describe.skipIf(!present)(
  `lists of the original (${present ? 'reference files found' : 'skipped: no ../shared/reference/ilsvrc12'})`,
  () => {
    const lines = () =>
      gunzipSync(readFileSync(new URL('whole_valid.txt.gz', reference)))
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]);
    const sums = () =>
      new Map(
        readFileSync(new URL('md5sums.txt', reference), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/\s+/).reverse() as [string, string]),
      );
    const md5 = (kept: readonly number[]) => {
      const label = new Map(kept.map((index, at) => [String(index), at]));
      const list = lines()
        .filter(([, index]) => label.has(index))
        .map(([file, index]) => `${file} ${label.get(index)}\n`);
      return createHash('md5').update(list.join('')).digest('hex');
    };
    const expectSums = (name: string, halves: ClassHalves, index: (name: string) => number) => {
      for (const half of ['A', 'B'] as const) {
        expect(md5(halves[half].map(index)), name + half).toBe(
          sums().get(`half${name}${half}_valid/files.txt`),
        );
      }
    };

    test.each([0, 1, 2, 3])('random halves of seed %i have the published md5 sums', (seed) => {
      const halves = randomHalves(numbered, seed);
      expectSums(String(seed), halves, (name) => Number(name.slice(1)));
    });

    test('natural and man-made halves have the published md5 sums, letters exchanged', () => {
      const all = [...ilsvrcKinds().keys()];
      const { A, B } = naturalManMade(all);
      expectSums('natman', { A: B, B: A }, (name) => all.indexOf(name));
    });
  },
);
