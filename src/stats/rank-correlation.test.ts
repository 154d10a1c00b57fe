import { expect, test } from 'vitest';
import { rankCorrelation } from './rank-correlation.js';

const of = (xs: readonly number[], ys: readonly number[]): number | null =>
  rankCorrelation(xs.map((x, at) => ({ x, y: ys[at] as number })));

test('1 for one order, -1 for the other, whatever the distances', () => {
  expect(of([1, 2, 3, 100], [0.1, 0.2, 7, 8])).toBeCloseTo(1, 12);
  expect(of([1, 2, 3, 100], [8, 7, 0.2, 0.1])).toBeCloseTo(-1, 12);
});

test('1 - 6 sum d^2 / (k (k^2 - 1)) without ties', () => {
  // Ranks 1 2 3 4 5 against 2 1 4 3 5: d^2 = 4.
  expect(of([1, 2, 3, 4, 5], [20, 10, 40, 30, 50])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12);
});

test('equal values share their mean rank', () => {
  // Ranks 1 2.5 2.5 4 against 1 2 3 4: products 4.5, sums of squares 4.5 and 5.
  expect(of([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
});

test('none of too few, or of what does not vary', () => {
  expect(of([1, 2, 3], [1, 2, 3])).toBeNull();
  expect(of([1, 1, 1, 1], [1, 2, 3, 4])).toBeNull();
});
