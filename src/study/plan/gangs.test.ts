import { expect, test } from 'vitest';
import { demoPlan } from './demo-plan.cases.js';
import { layersBelow } from '../../net/cuts.js';
import type { Network } from '../../net/network.js';
import { presets } from '../../net/presets/table.js';
import { gangBytes } from '../needs/cost.js';
import { divideIntoGangs, gangJob } from './gangs.js';
import { jobsOf, madeEngine, wide } from './made-gangs.cases.js';
import type { GangJob, NetworkJob } from '../../train/job.js';

const plan = demoPlan({ repeats: 2 });

test('bases are gangs of one, then one gang a split, repeat and target', () => {
  const gangs = divideIntoGangs(plan, plan.networks, wide);
  expect(gangs.map(({ name, networks }) => `${name} ${networks.length}`)).toEqual([
    'split0/A/base 1',
    'split0/B/base 1',
    'split0-r1/A/base 1',
    'split0-r1/B/base 1',
    'split1/A/base 1',
    'split1/B/base 1',
    'split1-r1/A/base 1',
    'split1-r1/B/base 1',
    'split0/A/transfer 26',
    'split0/B/transfer 26',
    'split0-r1/A/transfer 26',
    'split0-r1/B/transfer 26',
    'split1/A/transfer 26',
    'split1/B/transfer 26',
    'split1-r1/A/transfer 26',
    'split1-r1/B/transfer 26',
  ]);
});

/** Everything a network's numbers come from. */
function byNetwork(all: readonly GangJob[]): Map<string, unknown> {
  return new Map(
    all.flatMap((job) =>
      job.networks.map((network: NetworkJob): [string, unknown] => [
        network.name,
        {
          network,
          definition: job.network,
          target: job.input.target,
          mean: job.input.means[network.mean],
          order: job.input.orderStream,
          augment: job.input.augmentStream,
          schedule: job.schedule,
        },
      ]),
    ),
  );
}

test('how gangs are divided changes nothing that numbers come from', () => {
  const undivided = byNetwork(jobsOf(plan));
  expect(undivided.size).toBe(216);
  for (const networks of [1, 3, 7]) {
    const divided = jobsOf(plan, { ...wide, networks });
    expect(Math.max(...divided.map((job) => job.networks.length))).toBe(networks);
    expect(byNetwork(divided)).toEqual(undivided);
  }
});

test('gangs hold the limits, and one network alone may exceed them', () => {
  const memoryBytes = gangBytes(plan.study.network, plan.networks.slice(2, 8));
  for (const { networks } of divideIntoGangs(plan, plan.networks, { memoryBytes, networks: 9 })) {
    expect(networks.length).toBeLessThanOrEqual(9);
    expect(gangBytes(plan.study.network, networks)).toBeLessThanOrEqual(memoryBytes);
  }
  const alone = divideIntoGangs(plan, plan.networks, { memoryBytes: 1, networks: 9 });
  expect(alone.every(({ networks }) => networks.length === 1)).toBe(true);
});

test('streams: order is shared by a gang, init is each network’s own, frozen random layers nest', () => {
  const job = jobsOf(plan).find(({ name }) => name === 'split0-r1/B/transfer') as GangJob;
  expect(job.input.orderStream).toEqual(['order', 0, 'split0', 'B', 1, 'transfer']);
  expect(job.input.augmentStream).toEqual(['augment', 0, 'split0', 'B', 1, 'transfer']);
  const inits = job.networks.map(({ initStream }) => JSON.stringify(initStream));
  expect(new Set(inits).size).toBe(26);
  const named = (name: string) => job.networks.find((each) => each.name === `split0-r1/${name}`);
  expect(named('A3B+')).toMatchObject({
    directory: 'runs/split0-r1/A3B+',
    copied: layersBelow(presets.glyph28, 3),
    frozen: [],
    source: 'runs/split0-r1/baseA',
    mean: 'A',
    initStream: ['init', 0, 'split0', 1, 'A3B+'],
    dropoutStream: ['dropout', 0, 'split0', 1, 'A3B+'],
    keepWeights: false,
  });
  expect(named('R1B')?.frozenInitStream).toEqual(named('R5B')?.frozenInitStream);
  expect(named('R1B')).toMatchObject({
    source: null,
    frozen: layersBelow(presets.glyph28, 1),
    copied: layersBelow(presets.glyph28, 1),
    mean: 'B',
  });
  expect(named('B6B+')).toMatchObject({
    source: 'runs/split0-r1/baseB',
    copied: layersBelow(presets.glyph28, 6),
    frozen: [],
  });
});

test('a base that is copied keeps its weights whatever the study keeps', () => {
  for (const [keep, others] of [
    ['none', false],
    ['bases', false],
    ['all', true],
  ] as const) {
    const kept = demoPlan({ keep });
    const gangs = divideIntoGangs(kept, kept.networks, wide);
    const networks = gangs.flatMap((gang) => gangJob(kept, gang, '/s', madeEngine).networks);
    for (const network of networks) {
      expect(network.keepWeights).toBe(network.name.includes('base') || others);
    }
  }
});

test('what takes long to save is saved less often', () => {
  const every = (change: Parameters<typeof demoPlan>[0]): number => {
    const made = demoPlan(change);
    const gangs = divideIntoGangs(made, made.networks, wide);
    return Math.max(
      ...gangs.map((gang) => gangJob(made, gang, '/s', madeEngine).checkpointEverySeconds),
    );
  };
  expect(every({})).toBe(60);
  const wideNetwork = {
    ...presets.glyph28,
    layers: presets.glyph28.layers.map((layer) =>
      layer.name === 'fc5' ? { ...layer, outputs: 400_000 } : layer,
    ),
  };
  expect(every({ network: wideNetwork as Network })).toBeGreaterThan(300);
});
