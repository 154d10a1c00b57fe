import { expect, test } from 'vitest';
import { PlanError } from '../../base/errors.js';
import { demoPlan, demoStudy, letterFacts } from './demo-plan.cases.js';
import { differingKeys } from './identity.js';
import { type Plan, type PlannedNetwork, planStudy } from './plan.js';
import { scheduleOf } from './schedule.js';

const named = (plan: Plan, name: string): PlannedNetwork =>
  plan.networks.find((network) => network.name === name) as PlannedNetwork;

test('the demo has two splits of two bases and 52 others, in order of work', () => {
  const names = demoPlan().networks.map(({ name }) => name);
  expect(names).toHaveLength(2 * (2 + 52));
  expect(new Set(names).size).toBe(names.length);
  const target = (own: string, other: string): string[] => {
    const each = (from: string, plus: string) =>
      [1, 2, 3, 4, 5].map((n) => `split0/${from}${n}${own}${plus}`);
    const random = [1, 2, 3, 4, 5].map((n) => `split0/R${n}${own}`);
    return [
      ...each(own, ''),
      ...each(own, '+'),
      ...each(other, ''),
      ...each(other, '+'),
      ...random,
      `split0/${own}6${own}+`,
    ];
  };
  expect(names.slice(0, 54)).toEqual([
    'split0/baseA',
    'split0/baseB',
    ...target('A', 'B'),
    ...target('B', 'A'),
  ]);
});

test('a base comes before what copies it', () => {
  const { networks } = demoPlan({ repeats: 2 });
  expect(networks).toHaveLength(216);
  networks.forEach(({ requires }, index) => {
    if (requires === null) return;
    expect(networks.findIndex(({ name }) => name === requires)).toBeLessThan(index);
    expect(networks.some(({ name }) => name === requires)).toBe(true);
  });
  expect(networks.some(({ name }) => name === 'split1-r1/A3B+')).toBe(true);
  expect(named(demoPlan({ repeats: 2 }), 'split1-r1/A3B+').requires).toBe('split1-r1/baseA');
});

test('a base that others copy is planned even if it is not asked for', () => {
  const names = demoPlan({ treatments: ['AnB'], targets: ['B'], layers: [3] }).networks.map(
    ({ name }) => name,
  );
  expect(names).toEqual(['split0/baseA', 'split0/A3B', 'split1/baseA', 'split1/A3B']);
});

test('the whole data set has names without letters', () => {
  const tasks = [{ kind: 'whole', data: { source: ['glyphs'], size: 28 } }] as const;
  const plan = demoPlan({ tasks, treatments: ['base', 'random'], layers: [2, 3] });
  expect(plan.networks.map(({ name }) => name)).toEqual(['whole/base', 'whole/R2', 'whole/R3']);
  const reduced = demoPlan({ tasks, treatments: ['base'], imagesPerClass: [5, null] });
  expect(reduced.networks.map(({ name, family }) => [name, family])).toEqual([
    ['reduced-0005/base', 'reduced'],
    ['whole/base', 'whole'],
  ]);
  const [few, all] = reduced.networks as [PlannedNetwork, PlannedNetwork];
  expect(few.trainImages).toBeLessThan(all.trainImages);
});

test('several kinds of tasks in one study keep the identities they have alone', () => {
  const data = { source: ['glyphs'], size: 28 };
  const halves = { kind: 'random-halves', data, seeds: [0] } as const;
  const whole = { kind: 'whole', data } as const;
  const both = demoPlan({
    tasks: [halves, whole],
    treatments: ['base', 'AnB', 'random'],
    layers: [2],
  });
  expect(both.networks.map(({ name }) => name)).toEqual([
    'split0/baseA',
    'split0/baseB',
    'split0/B2A',
    'split0/R2A',
    'split0/A2B',
    'split0/R2B',
    'whole/base',
    'whole/R2',
  ]);
  const alone = [halves, whole].flatMap(
    (tasks) =>
      demoPlan({ tasks: [tasks], treatments: ['base', 'AnB', 'random'], layers: [2] }).networks,
  );
  expect(both.networks.map(({ identity }) => identity)).toEqual(
    alone.map(({ identity }) => identity),
  );
});

test('copied networks subtract the source’s mean unless told otherwise', () => {
  const means = (plan: Plan): string[] =>
    ['split0/baseB', 'split0/A3B', 'split0/B3B', 'split0/R3B'].map(
      (name) => named(plan, name).meanOf,
    );
  expect(means(demoPlan())).toEqual(['B', 'A', 'B', 'B']);
  expect(means(demoPlan({ mean: 'target' }))).toEqual(['B', 'B', 'B', 'B']);
});

test('an identity changes with what determines the numbers, and names it', () => {
  const plan = demoPlan();
  const changed = demoPlan({ solver: { ...demoStudy.solver, lr: 0.02 }, seed: 1 });
  const [a, b] = [named(plan, 'split0/A3B'), named(changed, 'split0/A3B')];
  expect(a.identity).not.toBe(b.identity);
  const parts = new Map([...plan.parts, ...changed.parts]);
  expect(differingKeys(a.content, b.content, parts)).toEqual([
    'solver.learningRate',
    'seed',
    'source',
  ]);
});

test('an identity does not change with what leaves the numbers alone', () => {
  const identities = (plan: Plan): string[] =>
    ['split0/baseA', 'split0/A3B', 'split0/R1A'].map((name) => named(plan, name).identity);
  expect(
    identities(demoPlan({ keep: 'none', statistic: 'top10', repeats: 2, layers: [1, 3] })),
  ).toEqual(identities(demoPlan()));
});

test('the usual order leaves identities as they were before there was another; blocks are part of them', () => {
  const usual = named(demoPlan(), 'split0/A3B+');
  // Of the version before `data.shuffle`.
  expect(usual.identity).toBe('65c1e293593c9beec9f9c1e48efed7a709aff3ff54776bf0b0bf8d3d7f70064c');
  const blocks = named(demoPlan({ shuffle: { block: 32, window: 128 } }), 'split0/A3B+');
  expect(differingKeys(usual.content, blocks.content, new Map())).toEqual(['source', 'shuffle']);
  const wider = named(demoPlan({ shuffle: { block: 32, window: 64 } }), 'split0/A3B+');
  expect(differingKeys(blocks.content, wider.content, new Map())).toEqual([
    'shuffle.window',
    'source',
  ]);
});

test('how JPEG records are used is not part of an identity', () => {
  const tasks = (records: object) =>
    [{ kind: 'random-halves', data: { source: ['x'], size: 28, ...records }, seeds: [0] }] as const;
  const identity = (records: object) =>
    named(demoPlan({ tasks: tasks(records) }), 'split0/A3B').identity;
  expect(identity({ records: 'stream' })).toBe(identity({}));
});

test('all identities differ', () => {
  const { networks } = demoPlan({ repeats: 2 });
  expect(new Set(networks.map(({ identity }) => identity)).size).toBe(networks.length);
});

test('images that do not fit the network are refused', () => {
  expect(() =>
    planStudy(demoStudy, () => ({ ...letterFacts, form: { ...letterFacts.form, channels: 3 } })),
  ).toThrow(PlanError);
  expect(() =>
    planStudy(demoStudy, () => ({ ...letterFacts, form: { ...letterFacts.form, width: 20 } })),
  ).toThrow(/28x28 crops/);
});

test('a schedule in iterations: epochs are rounded up, steps are fractions of all', () => {
  expect(
    scheduleOf(
      { ...demoStudy.solver, length: { epochs: 24 }, steps: { fractions: [0.6, 0.85] } },
      1301,
    ),
  ).toMatchObject({
    iterations: 24 * 14,
    steps: [202, 286],
    testEvery: 14,
  });
  expect(
    scheduleOf(
      { ...demoStudy.solver, length: { iterations: 450_000 }, steps: { every: 100_000 } },
      9,
    ),
  ).toMatchObject({
    iterations: 450_000,
    steps: [100_000, 200_000, 300_000, 400_000],
  });
});

test('preserved networks end at the classifier, which is another task’s only where it fits', () => {
  const treatments = ['BnB-p2', 'AnB-p2'] as const;
  const names = (plan: Plan): string[] =>
    plan.networks.map(({ shortName }) => shortName).filter((name) => name.endsWith('B-p2'));
  const one = (seeds: readonly number[]) => ({
    treatments,
    layers: [3, 4, 5],
    tasks: [{ kind: 'random-halves', data: { source: ['glyphs'], size: 28 }, seeds } as const],
  });
  expect(names(demoPlan(one([0])))).toEqual(['B3B-p2', 'B4B-p2', 'A3B-p2', 'A4B-p2']);
  const uneven = planStudy({ ...demoStudy, ...one([0]) }, () => ({
    ...letterFacts,
    classes: letterFacts.classes.slice(1),
    trainCounts: letterFacts.trainCounts.slice(1),
    valCounts: letterFacts.valCounts.slice(1),
  }));
  expect(names(uneven)).toEqual(['B3B-p2', 'B4B-p2', 'A3B-p2']);
});
