import { expect, test } from 'vitest';
import { randomNetwork } from '../../test/networks/random-network.js';
import type { Layer } from './layers/table.js';
import type { Network } from './network.js';
import { presets } from './presets/table.js';
import { matchArchitecture } from './same-architecture.js';

/** The network with every layer called otherwise, and independent neighbours swapped. */
function disguised(network: Network): Network {
  const renamed = network.layers.map((layer) => ({
    ...layer,
    name: `other.${layer.name}`,
    inputs: layer.inputs.map((input) => (input === 'data' ? input : `other.${input}`)),
  })) as Layer[];
  for (let at = 0; at + 1 < renamed.length; at++) {
    const [first, second] = [renamed[at] as Layer, renamed[at + 1] as Layer];
    if (second.inputs.includes(first.name)) continue;
    renamed.splice(at, 2, second, first);
    at++;
  }
  return { ...network, name: 'other', layers: renamed, output: `other.${network.output}` };
}

const networks = [
  ...Object.values(presets),
  ...Array.from({ length: 12 }, (_, seed) => randomNetwork(seed, 14)),
];

test.each(networks.map((network) => [network.name, network] as const))(
  '%s is itself under other names and in another order',
  (_, network) => {
    const matched = matchArchitecture(network, disguised(network));
    const layers = 'layers' in matched ? matched.layers : new Map<string, string>();
    expect([...layers].filter(([own, other]) => other !== `other.${own}`)).toEqual(
      'layers' in matched ? [] : matched.difference,
    );
    for (const { name, kind } of network.layers) {
      if (kind !== 'dropout') expect(layers.has(name), name).toBe(true);
    }
  },
);

function changed(name: string, fields: object): Network {
  const layers = presets.resnet20.layers.map((layer) =>
    layer.name === name ? ({ ...layer, ...fields } as Layer) : layer,
  );
  return { ...presets.resnet20, layers };
}

const convolution = presets.resnet20.layers.filter(({ kind }) => kind === 'convolution').at(4);
const norm = presets.resnet20.layers.find(({ kind }) => kind === 'batch-norm');
const sum = presets.resnet20.layers.filter(({ kind }) => kind === 'add').at(3);

test('what does not count: classes, fillers, digits that float32 loses, the order of a sum', () => {
  const network = presets.resnet20;
  const same = [
    changed(network.output, { outputs: 1000 }),
    changed(norm?.name ?? '', { epsilon: Math.fround(1e-5) }),
    changed(sum?.name ?? '', { inputs: sum?.inputs.toReversed() }),
    changed(convolution?.name ?? '', {
      weight: { filler: { type: 'constant', value: 3 }, lrMult: 2, decayMult: 0 },
    }),
  ];
  for (const other of same) expect(matchArchitecture(network, other)).toHaveProperty('layers');
  const dropout = presets.tiny32.layers.filter(({ kind }) => kind === 'dropout');
  expect(dropout.length).toBeGreaterThan(0);
  const below = new Map(dropout.map(({ name, inputs }) => [name, inputs[0] as string]));
  const layers = presets.tiny32.layers
    .filter(({ kind }) => kind !== 'dropout')
    .map((layer) => ({ ...layer, inputs: layer.inputs.map((each) => below.get(each) ?? each) }));
  const without = { ...presets.tiny32, layers };
  expect(matchArchitecture(presets.tiny32, without)).toHaveProperty('layers');
});

test('what differs is named', () => {
  const differences = [
    changed(convolution?.name ?? '', { stride: [3, 3] }),
    changed(norm?.name ?? '', { epsilon: 1e-3 }),
    changed(sum?.name ?? '', { kind: 'multiply' }),
    changed(sum?.name ?? '', { inputs: [...(sum?.inputs ?? []), sum?.inputs[0] ?? ''] }),
    changed(convolution?.name ?? '', { bias: norm?.kind === 'batch-norm' ? norm.shift : null }),
    presets.tiny32,
  ].map((other) => {
    const matched = matchArchitecture(presets.resnet20, other);
    return 'difference' in matched ? matched.difference : 'none';
  });
  expect(differences[0]).toBe(
    `its layer "${convolution?.name}": found stride [3,3], wanted [1,1] as "${convolution?.name}"`,
  );
  expect(differences[1]).toMatch(/found epsilon 0\.001, wanted 0\.00001/);
  expect(differences[2]).toMatch(/found kind "multiply", wanted "add"/);
  expect(differences[3]).toMatch(/reads 3 layers, wanted 2/);
  expect(differences[4]).toMatch(/found bias "there", wanted "?n/);
  expect(differences[5]).toMatch(/its layer "\w+"/);
});
