import { expect, test } from 'vitest';
import { networkFlops } from './arithmetic.js';
import { layersBelow, segmentsOf } from './cuts.js';
import { factsOf } from './facts.js';
import { presets } from './presets/table.js';

const facts = factsOf(presets.caffenet, 1000);
const forward = [...facts.values()].flatMap(({ blobs, forwardFlops }) =>
  blobs.length > 0 ? [forwardFlops] : [],
);

test('caffenet’s forward pass takes twice its multiplications, padding left out', () => {
  // By hand: (outputs * inputs / groups) * (pairs of tap and position inside the image, per
  // axis)^2. conv2, 5 taps, pad 2 on 27 positions: 5*27 - 2*(2+1) = 129; 3 taps, pad 1 on 13: 3*13
  // - 2 = 37.
  expect(forward.map((flops) => flops / 2)).toEqual([
    96 * 3 * (11 * 55) ** 2,
    256 * 48 * 129 ** 2,
    384 * 256 * 37 ** 2,
    384 * 192 * 37 ** 2,
    256 * 192 * 37 ** 2,
    37_748_736,
    16_777_216,
    4_096_000,
  ]);
});

test('freezing takes away the backward pass below and the gradient by the lowest input', () => {
  const all = networkFlops(facts, new Set());
  expect(all.frozenForward).toBe(0);
  expect(all.backward).toBe(2 * all.forward - (forward[0] as number));
  const last = networkFlops(facts, new Set(layersBelow(presets.caffenet, 7)));
  expect(last.forward).toBe(2 * 4_096_000);
  expect(last.backward).toBe(last.forward);
  expect(last.frozenForward + last.forward).toBe(all.forward);
});

test('where one layer learns, gradients come down to it through the frozen ones above', () => {
  const segments = segmentsOf(presets.caffenet);
  const frozen = segments.flatMap(({ ordinal, layers }) =>
    [3, 8].includes(ordinal) ? [] : layers,
  );
  const one = networkFlops(facts, new Set(frozen));
  const sum = (from: number) => forward.slice(from).reduce((total, flops) => total + flops, 0);
  expect(one.frozenForward).toBe(sum(0) - sum(2));
  expect(one.forward).toBe(sum(2));
  // By weights of layers 3 and 8, by inputs of layers 4 to 8.
  expect(one.backward).toBe((forward[2] as number) + (forward[7] as number) + sum(3));
});
