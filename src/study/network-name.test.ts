import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkName, type NetworkRole, parseNetworkName } from './network-name.js';
import { wholeSet } from './tasks.js';
import { treatmentKinds, treatments } from './treatments.js';

const LAYERS = 8;

const letters = ['A', 'B', 'C', 'Z'];

const roles: fc.Arbitrary<NetworkRole> = fc
  .record({
    treatment: fc.constantFrom(...treatmentKinds),
    target: fc.constantFrom(...letters),
    others: fc.shuffledSubarray(letters, { minLength: 2 }),
    n: fc.integer({ min: 1, max: LAYERS - 1 }),
    isWhole: fc.boolean(),
    further: fc.option(fc.integer({ min: 2, max: 100 })),
    rate: fc.option(fc.constantFrom(0.1, 0.003, 1e-7, 12)),
  })
  .filter(({ treatment, n }) => n + treatments[treatment].preserved <= LAYERS)
  .map(({ treatment, target, others, n, isWhole, further, rate }) => {
    const rule = treatments[treatment];
    const other = others.find((letter) => letter !== target) as string;
    return {
      treatment,
      source: rule.source === 'none' ? null : rule.source === 'target' ? target : other,
      target: isWhole && rule.source === 'none' ? wholeSet : target,
      n: rule.layers === 'none' ? 0 : rule.layers === 'all' ? LAYERS : n,
      ...(treatment === 'base' && further !== null ? { ordinal: further } : {}),
      ...(rate === null ? {} : { rate }),
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
    fc.property(
      fc.stringMatching(
        /^(base)?[ABCR]?[0-9]{0,2}[ABCR]?([+]{1,2}|>|-p[0-3]|-[0-9]{1,2}|[+]?-(long|only|slow|moments))?(@[0-9]?[.]?0?[0-9](e-[0-9])?)?$/,
      ),
      (text) => {
        const role = parseNetworkName(text, LAYERS);
        if (role !== null) expect(networkName(role)).toBe(text);
      },
    ),
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
  ['C3A', 'AnB', 'C', 'A', 3],
  ['C6C+', 'BnB+', 'C', 'C', 6],
  ['A3B>', 'AnB>', 'A', 'B', 3],
  ['B3B>', 'BnB>', 'B', 'B', 3],
  ['A3B-only', 'AnB-only', 'A', 'B', 3],
  ['C3B-moments', 'AnB-moments', 'C', 'B', 3],
  ['A3B+-slow', 'AnB+-slow', 'A', 'B', 3],
  ['B8B++', 'warm-restart-2', 'B', 'B', 8],
  ['baseB-long', 'base-long', null, 'B', 0],
  ['base-long', 'base-long', null, 'whole', 0],
])('%s', (name, treatment, source, target, n) => {
  expect(parseNetworkName(name, LAYERS)).toEqual({ treatment, source, target, n });
});

test('further bases of a task have a number', () => {
  const base = { treatment: 'base', source: null, n: 0 };
  expect(parseNetworkName('baseB-2', LAYERS)).toEqual({ ...base, target: 'B', ordinal: 2 });
  expect(parseNetworkName('base-12', LAYERS)).toEqual({ ...base, target: 'whole', ordinal: 12 });
});

test.each([
  '',
  'A3B@',
  'A3B@fast',
  'A3B@0.10',
  'A3B@-1',
  'A3B@0.1@0.2',
  '@0.1',
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
  'baseR',
  'basec',
  'A3R',
  'base+',
  'A3B-p',
  '\nA3B',
  'A8B>',
  'A3B>>',
  'R3B>',
  'B3B++',
  'B3B-moments',
  'A3B-slow',
  'R3B-only',
  'baseB-1',
  'baseB-02',
  'baseR-2',
  'A3B-2',
  'baseB-long-2',
])('%j is not a name', (name) => {
  expect(parseNetworkName(name, LAYERS)).toBeNull();
});
