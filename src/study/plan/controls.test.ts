// Plans of the controls: further bases, and the treatments of src/study/control-treatments.ts.
import { expect, test } from 'vitest';
import { segmentsOf } from '../../net/cuts.js';
import type { NetworkJob } from '../../train/job.js';
import { learningRateAt } from '../../train/learning-rate.js';
import type { RatePolicy } from '../../train/rate-policies.js';
import { demoPlan, demoStudy } from './demo-plan.cases.js';
import { divideIntoGangs } from './gangs.js';
import { jobsOf, madeEngine, wide } from './made-gangs.cases.js';
import { neededNetworks } from './needed-networks.js';
import type { Plan, PlannedNetwork } from './plan.js';
import { stretched } from './schedule.js';
import { submittedGangs } from '../run/submitted-gangs.js';

const namesOf = (networks: readonly PlannedNetwork[]) =>
  networks.map(({ shortName, split }) => `${split}/${shortName}`);
const named = (plan: Plan, name: string): PlannedNetwork => {
  const found = plan.networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
};
const jobOf = (plan: Plan, name: string) =>
  jobsOf(plan)
    .flatMap(({ networks }) => networks)
    .find((network) => network.name === name) as NetworkJob;

const few = { layers: [3], treatments: ['base', 'AnB'], targets: ['B'] } as const;

test('further bases are trained of targets alone, after the first', () => {
  const plan = demoPlan({ ...few, basesPerTarget: 3 });
  expect(namesOf(plan.networks).slice(0, 5)).toEqual([
    'split0/baseA',
    'split0/baseB',
    'split0/baseB-2',
    'split0/baseB-3',
    'split0/A3B',
  ]);
  expect(named(plan, 'split0/baseB-2')).toMatchObject({ treatment: 'base', ordinal: 2, n: 0 });
});

test('the first base and what is copied stay what they are beside further bases', () => {
  const [one, three] = [demoPlan(few), demoPlan({ ...few, basesPerTarget: 3 })];
  for (const network of one.networks) {
    expect(named(three, network.name)).toEqual(network);
    expect(named(three, network.name)).not.toHaveProperty('ordinal');
  }
  const identities = three.networks.map(({ identity }) => identity);
  expect(new Set(identities).size).toBe(identities.length);
});

test('further bases share no random number with the first', () => {
  const plan = demoPlan({ ...few, basesPerTarget: 2 });
  const jobs = jobsOf(plan).filter(({ networks }) => networks[0]?.name.includes('split0/baseB'));
  expect(jobs.map(({ name }) => name)).toEqual(['split0/B/base', 'split0/B/base-2']);
  for (const pick of [
    (job: (typeof jobs)[number]) => job.input.orderStream,
    (job: (typeof jobs)[number]) => job.input.augmentStream,
    (job: (typeof jobs)[number]) => job.networks[0]?.initStream,
    (job: (typeof jobs)[number]) => job.networks[0]?.dropoutStream,
  ]) {
    expect(pick(jobs[0] as (typeof jobs)[number])).not.toEqual(pick(jobs[1] as never));
  }
});

test('a network is compared with every base of its target', () => {
  const plan = demoPlan({ ...few, basesPerTarget: 2 });
  const { copied, compared } = neededNetworks(plan.networks, new Set([named(plan, 'split1/A3B')]));
  expect([...copied]).toEqual(['split1/baseA']);
  expect([...compared]).toEqual(['split1/baseB', 'split1/baseB-2']);
});

test('base-long has a gang of its own between bases and copies, of twice the length', () => {
  const plan = demoPlan({ ...few, treatments: ['base', 'AnB', 'base-long'] });
  const gangs = divideIntoGangs(plan, plan.networks, wide);
  expect(gangs.map(({ name }) => name).filter((name) => name.startsWith('split0/'))).toEqual([
    'split0/A/base',
    'split0/B/base',
    'split0/B/long',
    'split0/B/transfer',
  ]);
  const [short, long] = ['base', 'long'].map(
    (phase) => jobsOf(plan).find(({ name }) => name === `split0/B/${phase}`)?.schedule,
  );
  expect(long).toEqual({ ...short, iterations: 52, steps: [26] });
  const twice = plan.networks.filter(({ treatment }) => treatment === 'base-long');
  expect(twice.map(({ n }) => n)).toEqual(twice.map(() => 0));
  expect(short).toMatchObject({ iterations: 26, steps: [13] });
  const [own] = namesOf(plan.networks).filter((name) => name.endsWith('-long'));
  expect(own).toBe('split0/baseB-long');
  expect(named(plan, 'split0/baseB-long').requires).toBeNull();
});

const continued = {
  ...few,
  layers: [1, 3],
  treatments: ['base', 'AnB>', 'warm-restart-2'],
} as const;

test('what goes on from a network comes after it, in a phase of its own', () => {
  const plan = demoPlan(continued);
  expect(namesOf(plan.networks).slice(0, 8)).toEqual([
    'split0/baseA',
    'split0/baseB',
    'split0/A1B',
    'split0/A3B',
    'split0/B6B+',
    'split0/A1B>',
    'split0/A3B>',
    'split0/B6B++',
  ]);
  const gangs = divideIntoGangs(plan, plan.networks, wide);
  expect(gangs.map(({ name }) => name)).toEqual([
    ...['split0/A/base', 'split0/B/base', 'split1/A/base', 'split1/B/base'],
    ...['split0/B/transfer', 'split1/B/transfer', 'split0/B/continued', 'split1/B/continued'],
  ]);
  const order = submittedGangs(plan, gangs, '/study', madeEngine);
  expect(order.find(({ job }) => job.name === 'split0/B/continued')?.after).toEqual([
    'split0/B/transfer',
  ]);
});

test('a network goes on from all of another: its identity, its mean image, every layer', () => {
  const plan = demoPlan(continued);
  const { requires, content, meanOf, schedule } = named(plan, 'split0/A3B>');
  const from = named(plan, 'split0/A3B');
  expect(requires).toBe('split0/A3B');
  expect(content['source']).toBe(from.identity);
  expect([meanOf, schedule]).toEqual([from.meanOf, from.schedule]);
  const network = jobOf(plan, 'split0/A3B>');
  const all = plan.study.network.layers.map(({ name }) => name);
  expect(network).toMatchObject({ source: 'runs/split0/A3B', copied: all, frozen: [] });
  expect(jobOf(plan, 'split0/B6B++')).toMatchObject({ source: 'runs/split0/B6B+', copied: all });
});

test('what is gone on from keeps its weights until then, and is needed in turn', () => {
  const plan = demoPlan(continued);
  const keeps = ['A3B', 'A3B>', 'B6B+', 'B6B++'].map(
    (name) => jobOf(plan, `split0/${name}`).keepWeights,
  );
  expect(keeps).toEqual([true, false, true, false]);
  const wanted = new Set([named(plan, 'split0/A3B>')]);
  const { copied } = neededNetworks(plan.networks, wanted);
  expect([...copied].sort()).toEqual(['split0/A3B', 'split0/baseA']);
  const there = neededNetworks(plan.networks, wanted, ({ name }) => name === 'split0/A3B');
  expect([...there.copied]).toEqual(['split0/A3B']);
});

test('only segment n and the last learn, all others are copied and frozen', () => {
  const plan = demoPlan({ ...few, treatments: ['BnB-only', 'AnB-only'], layers: [1, 3, 5] });
  const { network } = plan.study;
  const last = segmentsOf(network).at(-1)?.layers ?? [];
  for (const n of [1, 3, 5]) {
    const own = segmentsOf(network)[n - 1]?.layers ?? [];
    for (const from of ['A', 'B']) {
      const { source, copied, frozen } = jobOf(plan, `split0/${from}${n}B-only`);
      expect(source).toBe(`runs/split0/base${from}`);
      const rest = network.layers.map(({ name }) => name).filter((name) => !last.includes(name));
      expect(copied).toEqual(rest);
      expect(frozen).toEqual(rest.filter((name) => !own.includes(name)));
    }
  }
});

test('moments are taken of the other base', () => {
  const plan = demoPlan({ ...few, treatments: ['AnB+', 'AnB-moments'] });
  const [tuned, moments] = ['A3B+', 'A3B-moments'].map((name) => jobOf(plan, `split0/${name}`));
  expect(moments).toMatchObject({ takes: 'moments', source: 'runs/split0/baseA', frozen: [] });
  expect(moments?.copied).toEqual(tuned?.copied);
  expect(tuned).not.toHaveProperty('takes');
});

test('the slow treatment has a tenth of the rate, or what the study gives all', () => {
  const treatments = ['AnB+', 'AnB+-slow', 'AnB-moments'] as const;
  const rates = (copiedRate: object): unknown[] => {
    const plan = demoPlan({ ...few, treatments, solver: { ...demoStudy.solver, ...copiedRate } });
    return ['A3B+', 'A3B+-slow', 'A3B-moments'].map((name) => [
      jobOf(plan, `split0/${name}`).copiedRate,
      named(plan, `split0/${name}`).content['copiedRate'],
    ]);
  };
  const none = [undefined, undefined];
  expect(rates({})).toEqual([none, [0.1, 0.1], none]);
  expect(rates({ copiedRate: 0.3 })).toEqual([[0.3, 0.3], [0.3, 0.3], none]);
});

const policies: readonly RatePolicy[] = [
  { kind: 'exp', gamma: 0.97 },
  { kind: 'inv', gamma: 0.01, power: 0.75 },
  { kind: 'poly', power: 2 },
  { kind: 'sigmoid', gamma: -0.1, stepSize: 40 },
  { kind: 'cosine', end: 1e-4 },
];

test.each(policies)('a schedule of twice the length has the rates of the one: $kind', (policy) => {
  const schedule = { ...named(demoPlan(few), 'split0/baseB').schedule, iterations: 80, policy };
  const long = stretched(schedule, 2);
  expect(long.iterations).toBe(160);
  for (const t of [0, 1, 17, 40, 79]) {
    expect(learningRateAt(long, 2 * t)).toBeCloseTo(learningRateAt(schedule, t), 12);
  }
});

test('steps and warm-up take twice as long, tests come as often', () => {
  const { solver } = demoStudy;
  const warm = { ...solver, warmup: { epochs: 1 }, steps: { every: 7 } };
  const plan = demoPlan({ ...few, solver: warm, treatments: ['base', 'base-long'] });
  const [base, long] = ['baseB', 'baseB-long'].map((each) => named(plan, `split0/${each}`));
  expect(base?.schedule).toMatchObject({ warmup: 13, steps: [7, 14, 21], testEvery: 13 });
  expect(long?.schedule).toMatchObject({ warmup: 26, steps: [14, 28, 42], testEvery: 13 });
});
