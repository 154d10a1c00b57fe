import { expect, test } from 'vitest';
import { PlanError } from '../base/errors.js';
import { cutAfter, cutPoints } from './cut.js';
import type { Layer } from './network.js';
import { presets } from './presets/table.js';

test('a cut comes after the parameter-free layers of weight layer n', () => {
  const last = (n: number): string | undefined =>
    presets.tiny32.layers[cutAfter(presets.tiny32, n) - 1]?.name;
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(last)).toEqual([
    'norm1',
    'norm2',
    'relu3',
    'relu4',
    'pool5',
    'drop6',
    'drop7',
    'fc8',
  ]);
  expect(cutAfter(presets.tiny32, 0)).toBe(0);
  expect(cutPoints(presets.tiny32)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('n outside 0..L is refused', () => {
  expect(() => cutAfter(presets.glyph28, 7)).toThrow(PlanError);
});

test('a place that two tensors cross is no cut point', () => {
  const layers = presets.tiny32.layers.map((layer) =>
    layer.name === 'conv4' ? ({ ...layer, inputs: ['norm2'] } as Layer) : layer,
  );
  const branched = {
    ...presets.tiny32,
    layers: [...layers.slice(0, -1), { ...layers.at(-1), inputs: ['drop7', 'relu3'] } as Layer],
  };
  expect(cutPoints(branched)).toEqual([1, 2]);
});
