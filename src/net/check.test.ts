import { expect, test } from 'vitest';
import { ParseError } from '../base/errors.js';
import { checkNetwork } from './check.js';
import type { Layer, Network } from './network.js';
import { presets } from './presets/table.js';

function issuesOf(network: Network): string[] {
  try {
    checkNetwork(network, 10);
  } catch (error) {
    if (error instanceof ParseError) return error.issues.map(({ message }) => message);
    throw error;
  }
  return [];
}

function changed(name: string, change: object): Network {
  const layers = presets.tiny32.layers.map((layer) =>
    layer.name === name ? ({ ...layer, ...change } as Layer) : layer,
  );
  return { ...presets.tiny32, layers };
}

test('every problem of a network is named at once', () => {
  const broken = changed('conv3', { inputs: ['conv9'], kernel: 0 });
  const layers = broken.layers.map((layer) =>
    layer.name === 'relu1' ? ({ ...layer, inputs: ['pool1'] } as Layer) : layer,
  );
  expect(issuesOf({ ...broken, layers })).toEqual([
    'layer "relu1": its input "pool1" comes after it, wanted topological order',
    'layer "conv3": its input "conv9" does not exist',
    'layer "conv3": kernel is 0, wanted an integer of at least 1',
  ]);
});

test('a window larger than its input is named', () => {
  expect(issuesOf(changed('conv5', { kernel: 20 }))[0]).toMatch(
    /"conv5" has a 20x20 window, its input is only 8x8/,
  );
});

test('groups must divide the channels', () => {
  expect(issuesOf(changed('conv2', { groups: 5 }))[0]).toMatch(/"conv2" has 5 groups/);
});
