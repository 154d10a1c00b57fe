import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { permutation, streamKey } from '../../base/random-stream.js';
import { BlockOrder } from './block-order.js';
import { EpochOrder, type Order } from './epoch-order.js';

const key = streamKey(['golden']);
const sizes = {
  count: fc.integer({ min: 1, max: 300 }),
  block: fc.integer({ min: 1, max: 40 }),
  window: fc.integer({ min: 1, max: 12 }),
};

function epoch(order: Order, number: number): number[] {
  return Array.from({ length: order.count }, (_, at) => order.itemAt(number * order.count + at));
}

test('the full order is that of the first version, draw by draw', () => {
  const hash = createHash('sha256');
  for (const count of [1, 2, 7, 1000])
    hash.update(permutation(count, streamKey(['golden', count])));
  expect(hash.digest('hex')).toBe(
    '8dabd2392d0790ee320720d9f110f5b9190a011d3f6170ba386a2a59a625d768',
  );
  const order = new EpochOrder(13, key);
  expect([0, 1].flatMap((number) => epoch(order, number))).toEqual([
    ...[8, 11, 7, 2, 0, 12, 1, 5, 4, 6, 10, 3, 9],
    ...[7, 5, 10, 6, 11, 8, 0, 9, 3, 12, 1, 4, 2],
  ]);
});

describe('the order by blocks', () => {
  test('has every item once in every epoch, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ count, block, window }) => {
        const order = new BlockOrder(count, key, { block, window });
        for (const number of [0, 1, 5]) {
          expect(epoch(order, number).sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
        }
      }),
    );
  });

  test('keeps the items of a window within `window` blocks', () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ count, block, window }) => {
        const items = epoch(new BlockOrder(count, key, { block, window }), 3);
        // Windows are runs of positions; the shorter block may make any of them shorter, so they
        // are told by their items.
        const last = Array.from({ length: Math.ceil(count / block) }, () => 0);
        const first = last.map(() => count);
        items.forEach((item, at) => {
          const own = Math.floor(item / block);
          first[own] = Math.min(first[own]!, at);
          last[own] = Math.max(last[own]!, at);
        });
        first.forEach((at, own) => expect(last[own]! - at).toBeLessThan(block * window));
        // Never more than `window` blocks have begun and not ended.
        for (let at = 0; at < count; at++) {
          const open = first.filter((begin, own) => begin <= at && at <= last[own]!);
          expect(open.length).toBeLessThanOrEqual(window);
        }
      }),
    );
  });

  test('answers by position alone, and differs from epoch to epoch, key to key, full to blocks', () => {
    const blocks = { block: 4, window: 3 };
    const forwards = new BlockOrder(101, key, blocks);
    const epochs = [0, 1, 2].map((number) => epoch(forwards, number));
    expect(new Set(epochs.map(String)).size).toBe(3);
    const jumping = new BlockOrder(101, key, blocks);
    for (const at of [302, 0, 101, 100, 205, 3, 202]) {
      expect(jumping.itemAt(at)).toBe(epochs[Math.floor(at / 101)]![at % 101]);
    }
    expect(epoch(new BlockOrder(101, streamKey(['other']), blocks), 0)).not.toEqual(epochs[0]);
    expect(epoch(new EpochOrder(101, key), 0)).not.toEqual(epochs[0]);
  });

  test('mixes: within a window neighbours are as rare as by chance', () => {
    const items = epoch(new BlockOrder(4096, key, { block: 32, window: 128 }), 0);
    const neighbours = items.filter((item, at) => Math.abs(item - items[at - 1]!) === 1).length;
    // 4095 pairs, each with probability 2 / 4096: two are expected.
    expect(neighbours).toBeLessThan(12);
  });

  test('tells of every block once an epoch, before the first of its items is asked for', () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ count, block, window }) => {
        const blocks = Math.ceil(count / block);
        fc.pre(blocks >= window);
        const order = new BlockOrder(count, key, { block, window });
        const told = new Map<string, number>();
        for (let position = 0; position < 4 * count; position++) {
          const ahead = order.aheadOf(position);
          if (ahead === null) continue;
          const name = `${ahead.from}-${ahead.to}`;
          told.set(name, (told.get(name) ?? 0) + 1);
          expect(ahead.to - ahead.from).toBeLessThanOrEqual(block);
        }
        // One for each block that begins in these four epochs.
        expect([...told.values()].reduce((sum, times) => sum + times, 0)).toBe(4 * blocks);
        expect(told.size).toBe(blocks);
      }),
    );
    // In the middle of an epoch: what is told at a window's begin is needed in the next window.
    const order = new BlockOrder(64, key, { block: 4, window: 4 });
    const ahead = order.aheadOf(4)!;
    const next = Array.from({ length: 16 }, (_, at) => order.itemAt(16 + at));
    expect(next).toEqual(expect.arrayContaining([ahead.from, ahead.to - 1]));
  });
});
