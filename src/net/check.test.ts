import { expect, test } from 'vitest';
import { checkNetwork } from './check.js';
import type { Layer } from './layers/table.js';
import type { Network } from './network.js';
import { presets } from './presets/table.js';
import { problemsOf } from '../../test/problems.js';

const issuesOf = (network: Network): readonly string[] =>
  problemsOf(() => checkNetwork(network, 10)).map(({ message }) => message);

function changed(name: string, change: object): Network {
  const layers = presets.tiny32.layers.map((layer) =>
    layer.name === name ? ({ ...layer, ...change } as Layer) : layer,
  );
  return { ...presets.tiny32, layers };
}

test('every problem of a network is named at once', () => {
  const broken = changed('conv3', { inputs: ['conv9'], kernel: [0, 0] });
  const layers = broken.layers.map((layer) =>
    layer.name === 'relu1' ? ({ ...layer, inputs: ['pool1'] } as Layer) : layer,
  );
  expect(issuesOf({ ...broken, layers })).toEqual([
    'layer "relu1": its input "pool1" comes after it, wanted topological order',
    'layer "conv3": its input "conv9" does not exist',
    'layer "conv3": kernel is 0, wanted integers of at least 1',
  ]);
});

test('a window larger than its input is named', () => {
  expect(issuesOf(changed('conv5', { kernel: [20, 20] }))[0]).toMatch(
    /layer "conv5": convolution: the 20x20 kernel is larger than its input of 8x8, pads 1, 1, 1, 1/,
  );
});

test('groups must divide the channels', () => {
  expect(issuesOf(changed('conv2', { groups: 5 }))[0]).toMatch(/layer "conv2": it has 5 groups/);
});

test('a layer that the output does not need is named', () => {
  const { layers } = presets.tiny32;
  const side = { ...layers.at(-1), name: 'side', inputs: ['relu3'] } as Layer;
  expect(issuesOf({ ...presets.tiny32, layers: [...layers, side] })).toEqual([
    'layer "side": the output "fc8" does not need it',
  ]);
  expect(issuesOf({ ...presets.tiny32, output: 'fc9' })).toEqual(['no layer is named "fc9"']);
});

test('the output gives one number a class', () => {
  const layers = presets.tiny32.layers.slice(0, 4);
  expect(issuesOf({ ...presets.tiny32, layers, output: 'norm1' })[0]).toMatch(
    /"norm1" has the shape \[32,16,16\]/,
  );
});

test('scales and means are one for all channels or one each', () => {
  const input = { ...presets.tiny32.input, scale: [1, 2], mean: [1, 2] };
  expect(issuesOf({ ...presets.tiny32, input })).toEqual([
    'the input: scale has 2 numbers, wanted 1 or 3',
    'the input: mean has 2 numbers, wanted 3',
  ]);
});
