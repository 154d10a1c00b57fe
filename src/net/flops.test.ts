import { expect, test } from 'vitest';
import { forwardFlops, networkFlops } from './flops.js';
import { presets } from './presets/table.js';

test('caffenet’s forward pass takes twice the multiplications known for it', () => {
  // By hand: weights per output position x positions, e.g. conv1 96*3*11*11 * 55*55.
  expect(forwardFlops(presets.caffenet, 1000).map((flops) => flops / 2)).toEqual([
    105_415_200, 223_948_800, 149_520_384, 112_140_288, 74_760_192, 37_748_736, 16_777_216,
    4_096_000,
  ]);
});

test('freezing takes away the backward pass below and the gradient by the lowest input', () => {
  const all = networkFlops(presets.caffenet, 1000, 0);
  const [conv1] = forwardFlops(presets.caffenet, 1000) as [number];
  expect(all.frozenForward).toBe(0);
  expect(all.backward).toBe(2 * all.forward - conv1);
  const last = networkFlops(presets.caffenet, 1000, 7);
  expect(last.forward).toBe(2 * 4_096_000);
  expect(last.backward).toBe(last.forward);
  expect(last.frozenForward + last.forward).toBe(all.forward);
});
