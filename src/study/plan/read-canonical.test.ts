import { expect, test } from 'vitest';
import { randomKinds, randomNetwork } from '../../../test/networks/random-network.js';
import type { Json } from '../../base/canonical-json.js';
import type { Network } from '../../net/network.js';
import { presets } from '../../net/presets/table.js';
import { writtenNetwork } from './canonical.js';
import { readWrittenNetwork } from './read-canonical.js';

const random = Array.from({ length: 30 }, (_, seed) => randomNetwork(seed, 14));
const rectangular: Network = {
  ...presets.tiny32,
  input: { channels: 3, height: 32, width: 24, scale: [1, 2, 3], mean: [4, 5, 6] },
};
const networks: readonly Network[] = [...Object.values(presets), rectangular, ...random];

test.each(networks.map((network, at) => [network.name, at, network] as const))(
  '%s (%i) is read back from its written form',
  (_, _at, network) => {
    const written = JSON.parse(JSON.stringify(writtenNetwork(network))) as Json;
    const back = readWrittenNetwork(written);
    expect(writtenNetwork(back)).toEqual(writtenNetwork(network));
    expect(back).toEqual(withoutDefaults(network));
  },
);

// What is written only where it differs from its default comes back as left out.
function withoutDefaults(network: Network): Network {
  const layers = network.layers.map((layer) => {
    if (layer.kind !== 'slice' || layer.step !== 1) return layer;
    const { kind, name, inputs, axis, start, end } = layer;
    return { kind, name, inputs, axis, start, end };
  });
  const { scale } = network.input;
  const isAlike = scale.every((value) => value === scale[0]);
  const input = { ...network.input, scale: isAlike ? scale.slice(0, 1) : scale };
  return { ...network, input, layers };
}

test('every kind of layer was among them', () => {
  const kinds = new Set(networks.flatMap(({ layers }) => layers.map(({ kind }) => kind)));
  expect([...kinds].toSorted()).toEqual([...randomKinds].toSorted());
});

test('what this version does not know is refused', () => {
  expect(() => readWrittenNetwork([])).toThrow(/is no object/);
  const layers = [{ kind: 'capsule', name: 'a', inputs: ['data'] }];
  expect(() => readWrittenNetwork({ name: 'x', layers })).toThrow(/of the kind "capsule"/);
});
