import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkName, type NetworkRole, parseNetworkName, treatments } from './treatments.js';

const LAYERS = 8;

const letters = fc.constantFrom('A' as const, 'B' as const);

const roles: fc.Arbitrary<NetworkRole> = fc
  .record({
    treatment: fc.constantFrom(...(Object.keys(treatments) as (keyof typeof treatments)[])),
    target: letters,
    n: fc.integer({ min: 1, max: LAYERS - 1 }),
    isWhole: fc.boolean(),
  })
  .filter(({ treatment, n }) => n + treatments[treatment].preserved <= LAYERS)
  .map(({ treatment, target, n, isWhole }) => {
    const rule = treatments[treatment];
    const other = target === 'A' ? 'B' : 'A';
    return {
      treatment,
      source: rule.source === 'none' ? null : rule.source === 'target' ? target : other,
      target: isWhole && rule.source === 'none' ? 'whole' : target,
      n: rule.layers === 'none' ? 0 : rule.layers === 'all' ? LAYERS : n,
    };
  });

test('printing and parsing a network’s name are inverse', () => {
  fc.assert(
    fc.property(roles, (role) => {
      expect(parseNetworkName(networkName(role), LAYERS)).toEqual(role);
    }),
    { seed: 1 },
  );
});

test('parsing accepts only what printing gives', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(base)?[ABR]?[0-9]{0,2}[AB]?([+]|-p[0-3])?$/), (text) => {
      const role = parseNetworkName(text, LAYERS);
      if (role !== null) expect(networkName(role)).toBe(text);
    }),
    { seed: 2, numRuns: 500 },
  );
});

test.each([
  ['baseB', 'base', null, 'B', 0],
  ['B3B', 'BnB', 'B', 'B', 3],
  ['B3B+', 'BnB+', 'B', 'B', 3],
  ['A3B', 'AnB', 'A', 'B', 3],
  ['B3A+', 'AnB+', 'B', 'A', 3],
  ['R3B', 'random', null, 'B', 3],
  ['B8B+', 'warm-restart', 'B', 'B', 8],
  ['A3B-p1', 'AnB-p1', 'A', 'B', 3],
  ['B6B-p2', 'BnB-p2', 'B', 'B', 6],
  ['base', 'base', null, 'whole', 0],
  ['R3', 'random', null, 'whole', 3],
])('%s', (name, treatment, source, target, n) => {
  expect(parseNetworkName(name, LAYERS)).toEqual({ treatment, source, target, n });
});

test.each([
  '',
  'B8B',
  'A7B-p2',
  'A3B-p3',
  'R3B-p1',
  'A8B+',
  'R8B',
  'R3B+',
  'B0B',
  'A3',
  'B9B+',
  'baseC',
])('%j is no name', (name) => {
  expect(parseNetworkName(name, LAYERS)).toBeNull();
});
