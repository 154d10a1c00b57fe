// Plans of the controls: further bases, and the treatments of src/study/control-treatments.ts.
import { expect, test } from 'vitest';
import { learningRateAt } from '../../train/learning-rate.js';
import type { RatePolicy } from '../../train/rate-policies.js';
import { demoPlan, demoStudy } from './demo-plan.cases.js';
import { divideIntoGangs, type Engine, gangJob } from './gangs.js';
import { neededBases } from './needed-bases.js';
import type { Plan, PlannedNetwork } from './plan.js';
import { stretched } from './schedule.js';

const engine: Engine = {
  executor: 'reference',
  precision: 'fp32',
  exact: false,
  threads: 1,
  checkpointEverySeconds: 60,
};
const wide = { memoryBytes: Infinity, networks: 100 };

const namesOf = (networks: readonly PlannedNetwork[]) =>
  networks.map(({ shortName, split }) => `${split}/${shortName}`);
const named = (plan: Plan, name: string): PlannedNetwork => {
  const found = plan.networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
};
const jobsOf = (plan: Plan) =>
  divideIntoGangs(plan, plan.networks, wide).map((gang) => gangJob(plan, gang, '/study', engine));

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
  const { copied, compared } = neededBases(plan.networks, [named(plan, 'split1/A3B')]);
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
  expect(short).toMatchObject({ iterations: 26, steps: [13] });
  const [own] = namesOf(plan.networks).filter((name) => name.endsWith('-long'));
  expect(own).toBe('split0/baseB-long');
  expect(named(plan, 'split0/baseB-long').requires).toBeNull();
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
