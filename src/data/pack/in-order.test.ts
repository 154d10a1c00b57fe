import { expect, test } from 'vitest';
import { inOrder } from './in-order.js';

async function* items(weights: readonly number[]) {
  for (const weight of weights) yield weight;
}

/** Runs items of such weights and says how much was under way at most. */
async function heaviest(weights: readonly number[], weight: number): Promise<number> {
  let load = 0;
  let most = 0;
  const work = async (item: number) => {
    load += item;
    most = Math.max(most, load);
    await new Promise((resolve) => setImmediate(resolve));
    load -= item;
    return item;
  };
  const done: number[] = [];
  const width = { items: 8, weight };
  for await (const each of inOrder(items(weights), width, work, (item) => item)) done.push(each);
  expect(done).toEqual(weights);
  return most;
}

test('what is under way is bounded by its weight; one item may weigh more', async () => {
  expect(await heaviest([3, 3, 3, 3, 3, 3], 7)).toBe(6);
  expect(await heaviest([1, 20, 1, 1], 7)).toBe(20);
  expect(await heaviest([1, 1, 1, 1], 7)).toBe(4);
});
