import { expect, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { demoPlan } from '../study/plan/demo-plan.cases.js';
import { trainingCosts } from '../study/needs/training-cost.js';
import { buildResults } from '../study/results/build.js';
import { formatResults } from '../study/results/json.js';
import { parseResults } from '../study/results/parse.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { costSection } from './cost-table.js';
import { htmlText } from './html.js';

const plan = demoPlan({
  layers: [1, 3],
  targets: ['B'],
  treatments: ['base', 'AnB', 'base-long', 'AnB>'],
});
const costs = trainingCosts(plan.networks, Object.fromEntries(plan.parts));
const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;

function resultsWith(hasCosts: boolean): Results {
  const networks = plan.networks.map((network): NetworkResult => {
    const { name, family, split, repeat, treatment, source, target, n } = network;
    const cost = costs.get(name);
    return {
      ...{ name, family, split, repeat, treatment, source, target, n },
      ...{ state: 'waiting', accuracy: null, finalAccuracy: null, originalName: null },
      ...{ imagesPerClass: null, testImages: null, classes: null },
      ...(hasCosts && cost !== undefined ? { cost } : {}),
    };
  });
  return buildResults({ study, networks });
}

/** Cells of the table by its rows' first. */
function rowsOf(results: Results): Record<string, string[]> {
  const html = htmlText(costSection(results) as NonNullable<ReturnType<typeof costSection>>);
  const rows = [...html.matchAll(/<tr>([^]*?)<\/tr>/g)]
    .slice(1)
    .map(([, row = '']) =>
      [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) =>
        cell.replace(/<[^>]*>/g, ''),
      ),
    );
  return Object.fromEntries(rows.map(([first = '', ...others]) => [first, others]));
}

test('costs stand by treatment, in all with what layers come from', () => {
  const rows = rowsOf(resultsWith(true));
  expect(Object.keys(rows)).toEqual(['base', 'AnB', 'base-long', 'AnB&gt;']);
  expect(rows['base']).toMatchObject({ 0: '26', 1: '26', 3: '1.00', 4: '1.00' });
  expect(rows['base-long']).toMatchObject({ 0: '52', 1: '52', 3: '2.00', 4: '2.00' });
  expect(rows['AnB']?.slice(0, 2)).toEqual(['26', '52']);
  expect(rows['AnB&gt;']?.slice(0, 2)).toEqual(['26', '78']);
  // n = 3 freezes more than n = 1.
  expect(rows['AnB']?.[3]).toMatch(/^0\.\d\d–0\.\d\d$/);
  const [low, high] = (rows['AnB']?.[3] ?? '').split('–').map(Number);
  expect(rows['AnB']?.[4]).toBe(`${(1 + (low ?? 0)).toFixed(2)}–${(1 + (high ?? 0)).toFixed(2)}`);
  expect(rows['base']?.[2]).toMatch(/^\d[\d.]* [GT]$/);
});

test('two unlike tasks have a table each', () => {
  const flops = { A: 1e9, B: 4e9 };
  const networks = makeNetworks({ weightLayers: 4, splits: 1, treatments: ['base', 'AnB'] }).map(
    (each): NetworkResult => {
      const own = flops[each.target as 'A'] / (each.treatment === 'base' ? 1 : 2);
      const cost = { iterations: 9, iterationsInAll: 9, flops: own, flopsInAll: own };
      return { ...each, family: 'natural-man-made', cost };
    },
  );
  const html = htmlText(costSection(buildResults({ study, networks })) ?? expect.unreachable());
  const [toA = '', toB = ''] = html.split('<h3>').slice(1);
  expect(toA).toMatch(/^What each treatment costs to train, natural to man-made<.*1\.00 G.*500 M/s);
  expect(toB).toMatch(
    /^What each treatment costs to train, man-made to natural<.*4\.00 G.*2\.00 G/s,
  );
  // Each beside the base of its own target.
  for (const own of [toA, toB]) expect(own).toContain('0.50');
});

test('results keep costs when they are read back; those without have no table', () => {
  const results = resultsWith(true);
  expect(buildResults(parseResults(formatResults(results)))).toEqual(results);
  const without = resultsWith(false);
  expect(buildResults(parseResults(formatResults(without)))).toEqual(without);
  expect(costSection(without)).toBeNull();
});
