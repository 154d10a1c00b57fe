import { expect, test } from 'vitest';
import { madeNetwork } from '../made-network.cases.js';
import { isEmpty, matcher, noFilter } from './filter.js';

const named = (pattern: string, name = 'split0/A3B+') =>
  matcher({ ...noFilter, pattern })(madeNetwork({ name }));

test('without a star: letters that the name has; capitals do not matter', () => {
  expect([named('a3b'), named(' SPLIT0 '), named('+'), named('a4b'), named('')]).toEqual([
    ...[true, true, true, false, true],
  ]);
});

test('with stars: the whole name, or the whole name without its split', () => {
  expect([named('A*B+'), named('split0/*'), named('*+'), named('A*B'), named('A*')]).toEqual([
    ...[true, true, true, false, true],
  ]);
});

test('what means something in regular expressions is a letter', () => {
  expect([named('.*'), named('(*'), named('[', 'a[b'), named('A3B+*')]).toEqual([
    ...[false, false, true, true],
  ]);
});

test('treatments and states both have to match', () => {
  const both = { ...noFilter, treatments: new Set(['AnB+']), states: new Set(['failed'] as const) };
  expect(matcher(both)(madeNetwork())).toBe(false);
  expect(matcher(both)(madeNetwork({ state: 'failed' }))).toBe(true);
  expect([isEmpty(both), isEmpty(noFilter), isEmpty({ ...noFilter, pattern: ' ' })]).toEqual([
    ...[false, true, true],
  ]);
});
