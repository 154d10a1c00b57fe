import { expect, test } from 'vitest';
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
  momentum: 0.9,
  weightDecay: 0,
  testEvery: 50,
};

test.each(Object.values(presets))('a new field of a type changes no identity: $name', (network) => {
  const grown = {
    ...network,
    mean: 'image',
    layers: network.layers.map((layer) => ({ ...layer, dilation: 1, role: 'learned' })),
  } as Network;
  expect(writtenNetwork(grown)).toEqual(writtenNetwork(network));
  expect(writtenSchedule({ ...schedule, nesterov: false } as Schedule)).toEqual(
    writtenSchedule(schedule),
  );
});

test.each(Object.values(presets))('everything that $name has today is written', (network) => {
  expect(writtenNetwork(network)).toEqual(network);
  expect(writtenSchedule(schedule)).toEqual(schedule);
});
