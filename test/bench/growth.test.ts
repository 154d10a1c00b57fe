// Gangs of every size must stand for the whole family, or the curve of cost by size says nothing.
import { describe, expect, test } from 'vitest';
import { fairGangs, mixedOrder } from '../../bench/growth/fair-gangs.js';
import { demoStudy, letterFacts } from '../../src/study/plan/demo-plan.cases.js';
import { type PlannedNetwork, planStudy } from '../../src/study/plan/plan.js';

const study = {
  ...demoStudy,
  layers: [1, 2, 3],
  treatments: ['base', 'BnB', 'BnB+', 'AnB', 'AnB+'],
} as const;
const family = planStudy(study, () => letterFacts).networks.filter(
  ({ phase, target, split }) => phase !== 'base' && target === 'A' && split === 'split0',
);

describe('the order', () => {
  const order = mixedOrder(family);
  test('holds every network once', () => {
    expect(family).toHaveLength(12);
    expect(new Set(order)).toEqual(new Set(family));
    expect(order).toHaveLength(12);
  });

  test('changes depth and treatment from each network to the next, and keeps neighbourhoods mixed', () => {
    order.forEach((network, i) => {
      const next = order[(i + 1) % order.length] as PlannedNetwork;
      expect(next.n).not.toBe(network.n);
      expect(next.treatment).not.toBe(network.treatment);
    });
    const neighbours = order.slice(4, 8);
    expect(new Set(neighbours.map(({ treatment }) => treatment)).size).toBe(4);
  });

  test('is refused where a grid has holes', () => {
    expect(() => mixedOrder(family.slice(1))).toThrow('no mixed order of 11 networks');
  });
});

test.each([
  [1, 28],
  [2, 14],
  [4, 7],
  [8, 7],
  [14, 2],
  [28, 1],
])('gangs of %i are %i, and every network is in equally many', (count, wanted) => {
  const circle = Array.from({ length: 28 }, (_, i) => i);
  const gangs = fairGangs(circle, count);
  expect(gangs).toHaveLength(wanted);
  const uses = circle.map((i) => gangs.filter((gang) => gang.includes(i)).length);
  expect(new Set(uses)).toEqual(new Set([(count * wanted) / 28]));
  for (const gang of gangs) expect(new Set(gang).size).toBe(count);
});
