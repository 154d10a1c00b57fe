import { expect, test } from 'vitest';
import { makespan } from './makespan.js';

const task = (name: string, seconds: number, ...after: string[]) => ({ name, seconds, after });
const bases = [task('a', 4), task('b', 4)];
const transfers = [task('ab', 10, 'a'), task('ba', 10, 'b'), task('aa', 2, 'a')];
const secondsOf = ({ seconds }: { seconds: number }): number => seconds;

test.each([
  [1, 30],
  // 4 for the bases, then 10 beside 10, and the last one after them.
  [2, 16],
  // The last one fits beside: more workers than that gain nothing.
  [3, 14],
  [64, 14],
])('%i workers take %i s', async (workers, seconds) => {
  expect(await makespan([...bases, ...transfers], workers, secondsOf)).toBe(seconds);
});

test('nothing to do takes no time', async () => {
  expect(await makespan([], 4, secondsOf)).toBe(0);
});
