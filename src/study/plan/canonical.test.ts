import { expect, test } from 'vitest';
import type { Filler } from '../../net/layers/blob.js';
import type { Layer } from '../../net/layers/table.js';
import type { Network } from '../../net/network.js';
import { presets } from '../../net/presets/table.js';
import type { Schedule } from '../../train/job.js';
import { writtenNetwork, writtenSchedule } from './canonical.js';

const schedule: Schedule = {
  batch: 8,
  iterations: 100,
  learningRate: 0.01,
  gamma: 0.1,
  steps: [60],
  solver: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
  testEvery: 50,
};

const { tiny32 } = presets;

function changed(change: object): Network {
  const layers = tiny32.layers.map((layer) =>
    layer.name === 'conv2' || layer.name === 'pool2' ? ({ ...layer, ...change } as Layer) : layer,
  );
  return { ...tiny32, layers };
}

test.each(Object.values(presets))('a new field of a type changes no identity: $name', (network) => {
  const grown = {
    ...network,
    classNames: null,
    layers: network.layers.map((layer) => ({ ...layer, role: 'learned' })),
  } as Network;
  expect(writtenNetwork(grown)).toEqual(writtenNetwork(network));
  expect(writtenSchedule({ ...schedule, nesterov: false } as Schedule)).toEqual(
    writtenSchedule(schedule),
  );
});

test('version 1 is written as version 0.1.0 had it in memory', () => {
  expect(writtenNetwork(tiny32)).toMatchObject({
    name: 'tiny32',
    channels: 3,
    crop: 32,
    inputScale: 1 / 64,
  });
  const { solver, ...rest } = schedule;
  expect(writtenSchedule(schedule)).toEqual({ ...rest, momentum: 0.9, weightDecay: 0 });
  expect(solver.kind).toBe('sgd');
  const [conv1, , pool1] = (writtenNetwork(tiny32) as { layers: object[] }).layers;
  expect(Object.entries(conv1 as object)).toEqual([
    ['kind', 'convolution'],
    ['name', 'conv1'],
    ['outputs', 32],
    ['kernel', 5],
    ['stride', 1],
    ['pad', 2],
    ['groups', 1],
    ['weight', { filler: { type: 'he' }, lrMult: 1, decayMult: 1 }],
    ['bias', { filler: { type: 'constant', value: 0 }, lrMult: 2, decayMult: 0 }],
    ['inputs', ['data']],
  ]);
  expect(pool1).toEqual({
    kind: 'max-pool',
    name: 'pool1',
    kernel: 3,
    stride: 2,
    pad: 0,
    inputs: ['relu1'],
  });
});

test('fillers are written with what differs from their usual', () => {
  const filled = (filler: Filler) => {
    const weight = { filler, lrMult: 1, decayMult: 1 };
    const { layers } = writtenNetwork(changed({ weight })) as { layers: { name?: string }[] };
    const conv2 = layers.find(({ name }) => name === 'conv2');
    return (conv2 as { weight: { filler: Filler } }).weight.filler;
  };
  expect(filled({ type: 'he', norm: 'fan-in' })).toEqual({ type: 'he' });
  for (const filler of [
    { type: 'he', norm: 'fan-out' },
    { type: 'xavier' },
    { type: 'xavier', norm: 'average' },
    { type: 'uniform', min: -1, max: 2 },
  ] as const) {
    expect(filled(filler)).toEqual(filler);
  }
});

test.each([
  ['kernel', { kernel: [3, 5] }, { kernel: [3, 5] }],
  ['stride', { stride: [1, 2] }, { stride: [1, 2] }],
  ['pads', { pads: [0, 1, 2, 2] }, { pad: [0, 1, 2, 2] }],
  ['dilation', { dilation: [2, 2] }, { dilation: 2 }],
])('what version 0.1.0 did not know is written: %s', (_, change, written) => {
  const layers = (writtenNetwork(changed(change)) as { layers: { name: string }[] }).layers;
  expect(layers.find(({ name }) => name === 'conv2')).toMatchObject(written);
  expect(layers.find(({ name }) => name === 'pool2')).toMatchObject(written);
});

test('rounding, output, mean and form of the input are written where they are not the usual ones', () => {
  const layers = (writtenNetwork(changed({ rounding: 'floor' })) as { layers: object[] }).layers;
  expect(layers).toContainEqual(expect.objectContaining({ name: 'pool2', rounding: 'floor' }));
  const input = { ...tiny32.input, height: 24, scale: [1, 2, 3], mean: [1, 2, 3] };
  expect(writtenNetwork({ ...tiny32, input, output: 'fc7' })).toMatchObject({
    crop: [24, 32],
    inputScale: [1, 2, 3],
    mean: [1, 2, 3],
    output: 'fc7',
  });
});
