// Which further test sets the networks of a plan are tested on.
import { expect, test } from 'vitest';
import type { DataChoice, Study } from '../study.js';
import type { DataFacts } from './data-facts.js';
import { demoStudy, letterFacts } from './demo-plan.cases.js';
import { divideIntoGangs, gangJob } from './gangs.js';
import { madeEngine } from './made-gangs.cases.js';
import { gangFlops } from '../needs/cost.js';
import { planStudy } from './plan.js';

const choice = { source: ['/noisy'], size: 28 };
const data = { source: ['glyphs'], size: 28 };
const classes = { A: ['A', 'B', 'C'], B: ['D', 'E', 'F'] };
const few: Partial<Study> = { treatments: ['base', 'AnB'], layers: [3] };

function plan(facts: Partial<DataFacts>, change: Partial<Study> = {}) {
  const noisy: DataFacts = {
    ...letterFacts,
    store: 'noisy',
    manifestHash: 'e'.repeat(64),
    ...facts,
  };
  const factsOf = ({ source }: DataChoice) => (source[0] === '/noisy' ? noisy : letterFacts);
  return planStudy({ ...demoStudy, ...few, tests: { noisy: choice }, ...change }, factsOf);
}

test('every network has the images of its own classes, and identities stay', () => {
  const tested = plan({});
  const without = planStudy({ ...demoStudy, ...few }, () => letterFacts);
  for (const [at, network] of tested.networks.entries()) {
    const { noisy } = network.tests ?? {};
    expect(noisy?.task).toEqual({ ...network.task, store: 'noisy' });
    expect(noisy).toMatchObject({ part: 'val', images: 13 * 40, data: 'e'.repeat(64) });
    expect(network.identity).toBe(without.networks[at]?.identity);
  }
});

test('of a set without validation images all are taken', () => {
  const letters = letterFacts.classes;
  const facts = { trainCounts: letters.map(() => 7), valCounts: letters.map(() => 0) };
  expect(plan(facts).networks[0]?.tests?.['noisy']).toMatchObject({ part: 'train', images: 91 });
});

test('a set is for the targets whose classes it has; others of its classes do not matter', () => {
  const tasks: Study['tasks'] = [{ kind: 'classes', data, classes }];
  const facts = {
    classes: ['D', 'E', 'F', 'Z'],
    valCounts: [5, 5, 5, 5],
    trainCounts: [0, 0, 0, 0],
  };
  const { networks } = plan(facts, { tasks });
  const tested = networks.filter(({ tests }) => tests !== undefined);
  expect(tested.map(({ shortName }) => shortName)).toEqual(['baseB', 'A3B']);
});

test.each<[string, Partial<DataFacts>, RegExp]>([
  [
    'a class too few',
    { classes: letterFacts.classes.filter((each) => each !== 'Q') },
    /^tests\.noisy: has no images of class Q of target [AB] \(split0\), wanted all 13 classes/,
  ],
  [
    'a class without images',
    { valCounts: letterFacts.classes.map((each) => (each === 'Q' ? 0 : 40)) },
    /has no images of class Q/,
  ],
  [
    'none of its classes',
    { classes: ['x', 'y'] },
    /^tests\.noisy: has classes x, y, wanted those of/,
  ],
  [
    'other images',
    { form: { channels: 3, height: 32, width: 32 } },
    /^tests\.noisy: has images 3x32x32, the study 1x28x28/,
  ],
])('a set with %s is refused by name', (_, facts, message) => {
  expect(() => plan(facts)).toThrow(message);
});

test('jobs carry them, and the estimate counts one pass', () => {
  const tested = plan({});
  const [gang] = divideIntoGangs(tested, tested.networks, { memoryBytes: Infinity, networks: 9 });
  const { input } = gangJob(tested, gang as never, '/study', madeEngine);
  expect(input.tests).toEqual(gang?.networks[0]?.tests);
  const without = gang?.networks.map((network) => ({ ...network, tests: {} })) ?? [];
  const [more, less] = [gang?.networks ?? [], without].map((each) =>
    gangFlops(demoStudy.network, each),
  ) as [number, number];
  // Two passes over as many validation images are in both.
  const iterations = 26 * 100;
  expect(more - less).toBeGreaterThan(0);
  expect(more - less).toBeLessThan(less / (iterations / (13 * 40)));
});
