// Plans of studies whose targets have sizes of their own.
import { expect, test } from 'vitest';
import type { Study } from '../study.js';
import { demoPlan, demoStudy, letterFacts } from './demo-plan.cases.js';
import { divideIntoGangs, gangJob } from './gangs.js';
import { madeEngine } from './made-gangs.cases.js';
import { neededNetworks } from './needed-networks.js';
import { type Plan, type PlannedNetwork, planStudy } from './plan.js';

const few = { layers: [3], treatments: ['base', 'BnB', 'AnB', 'random'] } as const;
const sized = (sizes: Study['targetImagesPerClass'], change: Partial<Study> = {}): Plan =>
  demoPlan({ ...few, ...change, ...(sizes === undefined ? {} : { targetImagesPerClass: sizes }) });
const named = (plan: Plan, name: string): PlannedNetwork => {
  const found = plan.networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
};
const namesIn = (plan: Plan, split: string) =>
  plan.networks.filter((network) => network.split === split).map(({ shortName }) => shortName);

test('each size has a split; the size of the sources is the split itself', () => {
  const plan = sized([10, null]);
  const usual = ['baseA', 'baseB', 'A3A', 'B3A', 'R3A', 'B3B', 'A3B', 'R3B'];
  expect(namesIn(plan, 'split0')).toEqual(usual);
  expect(namesIn(plan, 'split0-k0010')).toEqual(usual);
  expect(namesIn(plan, 'split1-k0010')).toEqual(usual);
  expect(plan.networks).toHaveLength(4 * usual.length);
});

test('networks that a study without sizes has stay what they are', () => {
  const [without, plan] = [sized(undefined), sized([10, null])];
  for (const network of without.networks) expect(named(plan, network.name)).toEqual(network);
});

test('without the size of the sources, their split has nothing but what others copy', () => {
  const plan = sized([10, 30]);
  expect(namesIn(plan, 'split0')).toEqual(['baseA', 'baseB']);
  expect(namesIn(sized([10], { targets: ['B'] }), 'split0')).toEqual(['baseA']);
  expect(namesIn(sized([10], { treatments: ['base', 'random'] }), 'split0')).toEqual([]);
  // They are those of a study without sizes.
  for (const name of ['split0/baseA', 'split1/baseB']) {
    expect(named(plan, name).identity).toBe(named(sized(undefined), name).identity);
  }
});

test('another task’s base has all images, the own one those of its target', () => {
  const plan = sized([10, 30]);
  const transfer = named(plan, 'split0-k0010/A3B');
  expect(transfer).toMatchObject({
    requires: 'split0/baseA',
    family: 'target-size',
    sizeOf: { family: 'random-halves', split: 'split0' },
    trainImages: 130,
    valImages: 520,
    task: { imagesPerClass: 10 },
    meanOf: 'A',
    meanTask: { imagesPerClass: null },
  });
  expect(named(plan, 'split0-k0030/B3B')).toMatchObject({
    requires: 'split0-k0030/baseB',
    meanTask: { imagesPerClass: 30 },
  });
  expect(named(plan, 'split0-k0010/R3B').requires).toBeNull();
  const { compared, copied } = neededNetworks(plan.networks, new Set([transfer]));
  expect([...compared]).toEqual(['split0-k0010/baseB']);
  expect([...copied]).toEqual(['split0/baseA']);
});

test('repeats copy from the bases of their own repeat', () => {
  const plan = sized([10], { repeats: 2 });
  expect(named(plan, 'split0-k0010-r1/A3B').requires).toBe('split0-r1/baseA');
});

test('all identities differ, and so do random numbers', () => {
  const plan = sized([10, 30, null]);
  const identities = plan.networks.map(({ identity }) => identity);
  expect(new Set(identities).size).toBe(identities.length);
});

test('a source may be smaller than its target, and all images have a name', () => {
  const plan = sized([5, null], { imagesPerClass: [20] });
  expect(named(plan, 'split0-kall/A3B')).toMatchObject({
    requires: 'split0/baseA',
    trainImages: 1300,
    meanTask: { imagesPerClass: 20 },
  });
  expect(namesIn(plan, 'split0')).toEqual(['baseA', 'baseB']);
});

test('a gang of a small target subtracts the means of both sizes', () => {
  const plan = sized([10]);
  const gangs = divideIntoGangs(plan, plan.networks, { memoryBytes: Infinity, networks: 100 });
  expect(gangs.map(({ name }) => name).slice(0, 4)).toEqual([
    'split0/A/base',
    'split0/B/base',
    'split0-k0010/A/base',
    'split0-k0010/B/base',
  ]);
  const gang = gangs.find(({ name }) => name === 'split0-k0010/B/transfer');
  const { input, networks } = gangJob(plan, gang as never, '/study', madeEngine);
  expect(input.target.imagesPerClass).toBe(10);
  expect(input.means).toMatchObject({ A: { imagesPerClass: null }, B: { imagesPerClass: 10 } });
  expect(networks.map(({ source }) => source)).toEqual([
    'runs/split0/baseA',
    'runs/split0-k0010/baseB',
    null,
  ]);
});

test('every kind of tasks has sizes, the whole set beside them has not', () => {
  const data = { source: ['glyphs'], size: 28 };
  const classes = { A: ['A', 'B', 'C'], B: ['D', 'E', 'F'] };
  const tasks: Study['tasks'] = [
    { kind: 'classes', data, classes },
    { kind: 'two-sets', sets: { A: { data, classes: null }, B: { data, classes: null } } },
    { kind: 'whole', data },
  ];
  const study = { ...demoStudy, ...few, tasks, targetImagesPerClass: [7] };
  const plan = planStudy(study, () => letterFacts);
  const splits = [...new Set(plan.networks.map(({ split }) => split))];
  expect(splits).toEqual(['classes', 'classes-k0007', 'two-sets', 'two-sets-k0007', 'whole']);
  expect(named(plan, 'classes-k0007/A3B').sizeOf).toEqual({ family: 'classes', split: 'classes' });
});
