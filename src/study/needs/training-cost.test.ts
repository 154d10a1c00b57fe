import { expect, test } from 'vitest';
import { demoPlan } from '../plan/demo-plan.cases.js';
import type { TrainingCost } from '../results/types.js';
import { gangFlops } from './cost.js';
import { trainingCosts } from './training-cost.js';

const plan = demoPlan({
  layers: [3],
  targets: ['B'],
  treatments: ['base', 'AnB', 'AnB+', 'base-long', 'AnB>', 'AnB-only', 'warm-restart-2'],
});
const costs = trainingCosts(plan.networks, Object.fromEntries(plan.parts));
const cost = (name: string) => costs.get(`split0/${name}`) as TrainingCost;
const { flops: base, iterations } = cost('baseB');

test('every network that is trained has a cost', () => {
  expect([...costs.keys()]).toEqual(plan.networks.map(({ name }) => name));
});

test('a network alone takes what a gang of it takes, without its tests', () => {
  for (const network of plan.networks) {
    const flops = gangFlops(plan.study.network, [{ ...network, valImages: 0 }]);
    expect(cost(network.shortName).flops, network.name).toBe(flops);
  }
});

test('in all counts what a network goes back to', () => {
  expect(iterations).toBe(26);
  const schedules = { baseB: 1, A3B: 2, 'A3B+': 2, 'A3B>': 3, 'baseB-long': 2, 'B6B++': 3 };
  for (const [name, count] of Object.entries(schedules)) {
    expect(cost(name).iterationsInAll, name).toBe(26 * count);
    expect(cost(name).iterations, name).toBe(name.endsWith('long') ? 52 : 26);
  }
  expect(cost('baseB-long')).toMatchObject({ flops: 2 * base, flopsInAll: 2 * base });
  expect(cost('A3B>').flopsInAll).toBe(2 * base + cost('A3B').flops);
  expect(cost('B6B++').flopsInAll).toBe(3 * base);
});

test('what does not learn saves the gradients of it and of what is below', () => {
  expect(cost('A3B+').flops).toBe(base);
  expect(cost('A3B').flops).toBeLessThan(cost('A3B-only').flops);
  expect(cost('A3B-only').flops).toBeLessThan(base);
});

test('what a plan does not hold has no cost', () => {
  expect(trainingCosts([...plan.networks], {}).size).toBe(0);
});
