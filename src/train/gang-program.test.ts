import { expect, test } from 'vitest';
import { layersBelow } from '../net/cuts.js';
import { tiny32 } from '../net/presets/tiny32.js';
import type { Program } from '../program/types.js';
import { buildGangPrograms } from './gang-program.js';
import type { GangJob, NetworkJob } from './job.js';
import { learningRateAt } from './learning-rate.js';

const task = { store: 'none', classes: ['a', 'b', 'c'], imagesPerClass: null };

function network(
  name: string,
  copied: number,
  isFrozen: boolean,
  source: string | null,
): NetworkJob {
  return {
    name: `split0/${name}`,
    directory: `runs/split0/${name}`,
    identity: name,
    copied: layersBelow(tiny32, copied),
    frozen: layersBelow(tiny32, isFrozen ? copied : 0),
    source,
    sourceIdentity: source,
    mean: source === 'baseA' ? 'A' : 'B',
    initStream: [0, 'split0', 0, name],
    frozenInitStream: [0, 'split0', 0, 'RB'],
    dropoutStream: [0, 'split0', 0, name],
    keepWeights: false,
  };
}

function gang(networks: readonly NetworkJob[]): GangJob {
  return {
    name: 'test',
    studyDirectory: '/nowhere',
    network: tiny32,
    input: {
      kind: 'images',
      target: task,
      means: { A: task, B: task },
      mirror: true,
      orderStream: [],
      augmentStream: [],
    },
    schedule: {
      batch: 4,
      iterations: 10,
      learningRate: 0.01,
      gamma: 0.1,
      steps: [6, 8],
      solver: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      testEvery: 5,
    },
    networks,
    executor: 'reference',
    precision: 'fp32',
    exact: true,
    threads: 1,
    checkpointEverySeconds: 60,
  };
}

const images = { channels: 3, height: 36, width: 36 };
const count = (program: Program, op: string): number =>
  program.nodes.filter((node) => node.op === op).length;
const ns = [1, 2, 3, 4, 5, 6, 7];

test('one forward pass of baseA serves A1B ... A7B', () => {
  const frozen = gang(ns.map((n) => network(`A${n}B`, n, true, 'baseA')));
  const { train } = buildGangPrograms(frozen, images);
  // Shared conv1..conv5 once each, and each network its own layers above n.
  expect(count(train, 'convolution')).toBe(5 + (4 + 3 + 2 + 1));
  // fc6 of A6B and A7B is one node; dropout after it is each network's own, so fc7 is not shared.
  expect(count(train, 'normalise')).toBe(1);
  expect(count(train, 'convolution_backward_data')).toBe(3 + 2 + 1);
});

test('random layers nest: R1 is the first layer of R7', () => {
  const random = gang(ns.map((n) => network(`R${n}B`, n, true, null)));
  const { train, parameters } = buildGangPrograms(random, images);
  expect(count(train, 'convolution')).toBe(5 + (4 + 3 + 2 + 1));
  expect(parameters[0]?.[0]?.slot).toBe(parameters[6]?.[0]?.slot);
  expect(parameters[0]?.[0]?.origin).toBe('random');
});

test('fine-tuned networks share the input of their mean and nothing else', () => {
  const tuned = gang([
    network('A3B+', 3, false, 'baseA'),
    network('B3B+', 3, false, 'baseB'),
    network('B5B+', 5, false, 'baseB'),
  ]);
  const { train } = buildGangPrograms(tuned, images);
  expect(count(train, 'convolution')).toBe(15);
  expect(count(train, 'normalise')).toBe(2);
});

test('frozen layers have no gradient and no update', () => {
  const { train, parameters } = buildGangPrograms(gang([network('A3B', 3, true, 'baseA')]), images);
  expect(count(train, 'convolution_backward_weights')).toBe(2);
  expect(count(train, 'sgd_update')).toBe(2 * 5);
  const frozen = (parameters[0] ?? []).filter(({ isFrozen }) => isFrozen);
  expect(frozen.map(({ layer }) => layer)).toEqual(
    ['conv1', 'conv2', 'conv3'].flatMap((name) => [name, name]),
  );
  for (const slot of train.slots.filter(({ name }) => name.startsWith('run:'))) {
    expect(slot.next).toBeUndefined();
  }
});

test('preserved layers are copied as frozen ones are, and learn', () => {
  const preserved = { ...network('A3B-p2', 3, true, 'baseA'), copied: layersBelow(tiny32, 5) };
  const { train, parameters } = buildGangPrograms(
    gang([network('A3B', 3, true, 'baseA'), preserved]),
    images,
  );
  const layers = (from: string, learns: boolean) =>
    (parameters[1] ?? [])
      .filter(({ origin, isFrozen }) => origin === from && isFrozen !== learns)
      .map(({ layer }) => layer)
      .filter((layer, index, all) => all.indexOf(layer) === index);
  expect(layers('source', false)).toEqual(['conv1', 'conv2', 'conv3']);
  expect(layers('source', true)).toEqual(['conv4', 'conv5']);
  expect(layers('fresh', true)).toEqual(['fc6', 'fc7', 'fc8']);
  // The frozen prefix is shared with A3B, what learns is each network's own.
  expect(count(train, 'convolution')).toBe(3 + 2 + 2);
});

test('dropout stays active after frozen fc6 and is absent in tests', () => {
  const { train, test: testing } = buildGangPrograms(
    gang([network('A6B', 6, true, 'baseA')]),
    images,
  );
  expect(count(train, 'dropout_mask')).toBe(2);
  expect(count(testing, 'dropout_mask')).toBe(0);
});

test('the rate falls by gamma at each step', () => {
  const { schedule } = gang([]);
  expect([0, 5, 6, 7, 8, 9].map((t) => learningRateAt(schedule, t))).toEqual([
    0.01,
    0.01,
    0.01 * 0.1,
    0.01 * 0.1,
    0.01 * 0.1 ** 2,
    0.01 * 0.1 ** 2,
  ]);
});
