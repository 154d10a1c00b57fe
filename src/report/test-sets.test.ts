// Further test sets in results, from accuracies that are known.
import { expect, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { testSetSection } from './test-sets.js';
import { htmlText } from './html.js';
import { tInterval } from '../stats/interval.js';
import { buildResults } from '../study/results/build.js';
import { formatCsv } from '../study/results/csv.js';
import { formatResults } from '../study/results/json.js';
import { parseResults } from '../study/results/parse.js';
import type { NetworkResult } from '../study/results/types.js';

const study = {
  name: 'made',
  weightLayers: 6,
  statistic: 'top10',
  tests: { noisy: 'hash' },
} as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });

// On the own images frozen copies lie 2 Pt below tuned ones, on noisy ones 1 Pt above, and in
// split1 as much as `more` higher.
function made(more = 0.3): NetworkResult[] {
  const networks = makeNetworks({
    ...{ weightLayers: 6, splits: 4, treatments: ['base', 'AnB', 'AnB+'], layers: [2] },
  });
  return networks.map((each) => {
    const own = { base: 0.5, AnB: 0.48, 'AnB+': 0.5 }[each.treatment as 'base'];
    const extra = each.split === 'split1' ? more / 100 : 0;
    const noisy = { base: 0.3, AnB: 0.32 + extra, 'AnB+': 0.31 }[each.treatment as 'base'];
    return { ...each, accuracy: 0.9, finalAccuracy: own, tests: { noisy } };
  });
}

test('each set has its own bases, and the change is paired by unit', () => {
  const [set, ...others] = build(made()).tests?.['random-halves'] ?? [];
  expect(others).toEqual([]);
  expect(set).toMatchObject({ test: 'noisy', target: null });
  const [base, frozen, tuned] = set?.rows ?? [];
  expect(base).toMatchObject({ treatment: 'base', ownAccuracy: 0.5, accuracy: 0.3, networks: 8 });
  expect(tuned).toMatchObject({ treatment: 'AnB+', n: 2, ownAccuracy: 0.5, accuracy: 0.31 });
  expect(tuned?.overBasePt).toBeCloseTo(1, 9);
  expect(frozen?.overBasePt).toBeCloseTo(2.075, 9);
  const [row] = set?.robustness ?? [];
  expect(row).toMatchObject({ treatment: 'AnB', against: 'AnB+', n: 2, units: 4 });
  expect(row?.ownPt).toBeCloseTo(-2, 9);
  expect(row?.furtherPt).toBeCloseTo(1.075, 9);
  const interval = tInterval([3, 3.3, 3, 3]);
  expect(row?.changePt).toBeCloseTo(3.075, 9);
  expect(row?.changeLowPt).toBeCloseTo(interval?.low ?? NaN, 6);
});

test('networks that are not measured, or of a target of its own size, are left out', () => {
  const networks = made().map((each): NetworkResult => {
    if (each.split === 'split0') return { ...each, state: 'dead' };
    return each.split === 'split1' ? { ...each, family: 'target-size' } : each;
  });
  const { tests = {} } = build(networks);
  expect(Object.keys(tests)).toEqual(['random-halves']);
  expect(tests['random-halves']?.[0]?.rows[0]?.networks).toBe(4);
});

test('two unlike targets stand apart, and sets in the order of their names', () => {
  const networks = made().map((each): NetworkResult => ({
    ...{ ...each, family: 'classes' },
    tests: {
      noisy: each.target === 'A' ? 0.2 : 0.4,
      ...(each.split === 'split0' ? {} : { blurred: 0.1 }),
    },
  }));
  const found = build(networks).tests?.classes ?? [];
  expect(
    found.map(({ test, target, rows: [base] }) => [test, target, base?.accuracy, base?.networks]),
  ).toEqual([
    ['blurred', 'A', 0.1, 3],
    ['blurred', 'B', 0.1, 3],
    ['noisy', 'A', 0.2, 4],
    ['noisy', 'B', 0.4, 4],
  ]);
});

test('selffers are compared too, each at its own n', () => {
  const networks = makeNetworks({
    ...{ weightLayers: 6, splits: 4, treatments: ['base', 'BnB', 'BnB+'], layers: [2, 4] },
  }).map((each) => {
    const points = { base: 0.5, BnB: 0.5 - each.n / 100, 'BnB+': 0.5 }[each.treatment as 'base'];
    return { ...each, finalAccuracy: points, tests: { noisy: 0.3 } };
  });
  const [set] = build(networks).tests?.['random-halves'] ?? [];
  const rows = set?.robustness.map(({ treatment, n, changePt }) => [treatment, n, changePt]);
  expect(rows).toEqual([
    ['BnB', 2, expect.closeTo(2, 9)],
    ['BnB', 4, expect.closeTo(4, 9)],
  ]);
  expect(set?.rows.map(({ n, networks: count }) => [n, count])).toContainEqual([4, 8]);
});

test('networks without the test are left out, and a study without tests has no such key', () => {
  const some = made().map(({ tests, ...each }) =>
    each.split === 'split0' || tests === undefined ? each : { ...each, tests },
  );
  expect(build(some).tests?.['random-halves']?.[0]?.rows[0]?.networks).toBe(6);
  expect(htmlText(testSetSection(build(some)) ?? expect.unreachable())).toContain(
    '6 networks ended before these sets were part of the study',
  );
  const none = build(makeNetworks({ weightLayers: 6, splits: 1 }));
  expect(none).not.toHaveProperty('tests');
  expect(testSetSection(none)).toBeNull();
});

test('results with tests are read back, and are columns of the CSV', () => {
  const results = build(made());
  const text = formatResults(results);
  expect(formatResults(buildResults(parseResults(text)))).toBe(text);
  expect(() => parseResults(text.replace('"tests":{"noisy":0.3}', '"tests":{"noisy":3}'))).toThrow(
    /tests\.noisy: found 3, wanted at most 1/,
  );
  const [header, first] = formatCsv(results).split('\r\n');
  expect(header).toMatch(/,originalName,accuracy on noisy,imagesPerClass,testImages,classes$/);
  expect(first).toMatch(/,,0\.3(,\d*){3}$/);
});

test('the report has both tables', () => {
  const page = htmlText(testSetSection(build(made())) ?? expect.unreachable());
  for (const words of ['noisy', 'AnB − AnB+', '+3.1 [', '0.310']) expect(page).toContain(words);
});
