import { expect, test } from 'vitest';
import { spread } from './spread.js';

test.each([
  [0, 5, []],
  [1, 5, [0]],
  [5, 5, [0, 1, 2, 3, 4]],
  [6, 3, [0, 3, 5]],
  [101, 5, [0, 25, 50, 75, 100]],
  [1000, 2, [0, 999]],
])('of %i places at most %i', (count, most, places) => {
  expect(spread(count, most)).toEqual(places);
});
