// Studies whose networks are trained at several learning rates.
import { expect, test } from 'vitest';
import { madeRates, madeRateStudy, makeRateNetworks } from '../../../test/made-rates.js';
import { makeNetworks } from '../../../test/made-study.js';
import { tInterval } from '../../stats/interval.js';
import { buildResults } from './build.js';
import { chooseRates } from './choose-rate.js';
import { formatCsv } from './csv.js';
import { formatResults } from './json.js';
import { parseResults } from './parse.js';
import type { NetworkResult, Results, StudyFacts } from './types.js';

const results = buildResults({ study: madeRateStudy, networks: makeRateNetworks(4) });
const [base] = makeRateNetworks(1) as [NetworkResult];

function oneRate(): StudyFacts {
  const study = { ...madeRateStudy };
  delete (study as { rates?: unknown }).rates;
  return study;
}

/** The chosen rate of networks that differ in it alone. */
function chosenOf(changes: readonly Partial<NetworkResult>[]): number | undefined {
  const same = changes.map((change, at): NetworkResult => {
    const name = at === 0 ? base.name : `${base.name}@${madeRates[at]}`;
    return { ...base, name, lr: madeRates[at] as number, ...change };
  });
  return chooseRates(same, madeRates).find(({ chosen }) => chosen)?.lr;
}

test('a network counts at the rate that does best on the selection images, whatever it reaches', () => {
  const tested = [
    { selectionAccuracy: 0.4, accuracy: 0.9 },
    { selectionAccuracy: 0.5, accuracy: 0.1 },
    { selectionAccuracy: 0.45, accuracy: 0.95 },
  ];
  expect(chosenOf(tested)).toBe(0.003);
});

test('of equal ones the first of the list counts, in whatever order they come', () => {
  const same = madeRates.map((lr): NetworkResult => {
    const name = lr === 0.01 ? base.name : `${base.name}@${lr}`;
    return { ...base, name, lr, selectionAccuracy: lr === 0.01 ? 0.3 : 0.4 };
  });
  const chosen = (rates: readonly number[], networks: readonly NetworkResult[]) =>
    chooseRates(networks, rates).find((each) => each.chosen)?.lr;
  expect(chosen(madeRates, same)).toBe(0.003);
  expect(chosen(madeRates, [...same].reverse())).toBe(0.003);
  expect(chosen([0.01, 0.03, 0.003], same)).toBe(0.03);
});

test.each<[string, readonly Partial<NetworkResult>[], number]>([
  [
    'a dead one loses to one that learns, however they do on few images',
    [{ state: 'dead', selectionAccuracy: 0.3 }, { selectionAccuracy: 0.2 }],
    0.003,
  ],
  [
    'one that failed loses to a dead one',
    [
      { state: 'failed', selectionAccuracy: undefined as never },
      { state: 'dead', selectionAccuracy: 0.1 },
    ],
    0.003,
  ],
  [
    'of dead ones the best counts, and is dead',
    [
      { state: 'dead', selectionAccuracy: 0.1 },
      { state: 'dead', selectionAccuracy: 0.2 },
    ],
    0.003,
  ],
  [
    'where none has ended the first stands for all',
    [
      { state: 'waiting', selectionAccuracy: undefined as never },
      { state: 'waiting', selectionAccuracy: undefined as never },
    ],
    0.01,
  ],
])('%s', (_, changes, lr) => {
  expect(chosenOf(changes)).toBe(lr);
});

test('repeats, targets, n and further bases choose for themselves', () => {
  const networks = makeNetworks({ weightLayers: 6, splits: 2, repeats: 2 });
  const further = networks
    .filter(({ treatment }) => treatment === 'base')
    .map((each) => ({ ...each, name: `${each.name}-2` }));
  const all = [...networks, ...further].flatMap((each, index) =>
    madeRates.map((lr, at) => ({
      ...each,
      name: at === 0 ? each.name : `${each.name}@${lr}`,
      lr,
      selectionAccuracy: at === index % 3 ? 0.5 : 0.4,
    })),
  );
  const chosen = chooseRates(all, madeRates).filter((each) => each.chosen);
  expect(chosen.map(({ lr }) => lr)).toEqual(
    [...networks, ...further].map((_, index) => madeRates[index % 3]),
  );
});

test('summaries are those of the chosen networks, as if there were no others', () => {
  const networks = makeRateNetworks(4);
  const chosen = chooseRates(networks, madeRates).filter((each) => each.chosen);
  const study = oneRate();
  const alone = buildResults({ study, networks: chosen });
  const { matched, lines, decomposition, comparisons, noise, table1, intervals } = results;
  expect({ matched, lines, decomposition, comparisons, noise, table1, intervals }).toEqual({
    matched: alone.matched,
    lines: alone.lines,
    decomposition: alone.decomposition,
    comparisons: alone.comparisons,
    noise: alone.noise,
    table1: alone.table1,
    intervals: alone.intervals,
  });
  expect(results.networks.length + (results.notChosen?.length ?? 0)).toBe(networks.length);
  expect(results.networks.every((each) => each.chosen)).toBe(true);
  expect(results.notChosen?.some((each) => each.chosen)).toBe(false);
});

const table = results.rates?.families['random-halves']?.[0];

test('how often each rate was chosen, and what each reaches', () => {
  const row = table?.rows.find(({ treatment, n }) => treatment === 'AnB' && n === 3);
  expect(row?.points.map(({ lr, networks, chosen }) => [lr, networks, chosen])).toEqual([
    [0.01, 8, 0],
    [0.003, 8, 0],
    [0.03, 8, 8],
  ]);
  const [first, low, high] = row?.points.map(({ accuracy }) => accuracy as number) as number[];
  expect((low as number) - (first as number)).toBeCloseTo(-0.05, 9);
  expect((high as number) - (first as number)).toBeCloseTo(0.04, 9);
  const selection = row?.points[2]?.selectionAccuracy as number;
  expect(selection - (high as number)).toBeCloseTo(0.02, 9);
});

test('the change of the drop is paired within units', () => {
  const change = table?.changes.find(
    ({ treatment, layers }) => treatment === 'AnB' && layers === '3',
  );
  // Frozen copies gain 4 points at their best rate, bases nothing.
  expect(change).toMatchObject({ units: 4, treatment: 'AnB' });
  expect(change?.changePt).toBeCloseTo(4, 9);
  expect((change?.chosenPt as number) - (change?.firstPt as number)).toBeCloseTo(4, 9);
  const all = table?.changes.filter(({ treatment }) => treatment === 'BnB');
  expect(all?.map(({ layers }) => layers)).toEqual(['1,3,5', '1', '3', '5']);
  expect(table?.changes.find(({ treatment }) => treatment === 'AnB+')?.changePt).toBe(0);
});

test('its interval is of what units differ in, by hand', () => {
  const networks = makeRateNetworks(4).map((each): NetworkResult => {
    if (each.treatment !== 'AnB' || each.n !== 3 || each.lr !== 0.03) return each;
    const more = [0, 0.01, 0.02, 0.05][Number(each.split.slice(5))] as number;
    return { ...each, accuracy: (each.accuracy as number) + more };
  });
  const { rates } = buildResults({ study: madeRateStudy, networks });
  const change = rates?.families['random-halves']?.[0]?.changes.find(
    ({ treatment, layers }) => treatment === 'AnB' && layers === '3',
  );
  expect(change?.changePt).toBeCloseTo(6, 9);
  expect(change?.changeLowPt).toBeCloseTo(tInterval([4, 5, 6, 9])?.low as number, 9);
});

test('bases of another rate are compared with those that are copied, on the selection images', () => {
  expect(table?.bases.map(({ lr, units }) => [lr, units])).toEqual([
    [0.003, 4],
    [0.03, 4],
  ]);
  expect(table?.bases[0]?.overFirstPt).toBeCloseTo(-2, 9);
});

test('networks that have not ended at every rate are counted once', () => {
  const networks = makeRateNetworks(1).map((each): NetworkResult => {
    if (!/B3B@|A3B@0.03/.test(each.name)) return each;
    const open: NetworkResult = { ...each, state: 'waiting', accuracy: null, finalAccuracy: null };
    delete (open as { selectionAccuracy?: number }).selectionAccuracy;
    return open;
  });
  const { rates } = buildResults({ study: madeRateStudy, networks });
  expect(rates?.open).toBe(2);
  const waiting = makeRateNetworks(1).map((each): NetworkResult => {
    const open: NetworkResult = { ...each, state: 'waiting', accuracy: null, finalAccuracy: null };
    delete (open as { selectionAccuracy?: number }).selectionAccuracy;
    return open;
  });
  // Nothing is chosen yet, though the first of each stands for all.
  const none = buildResults({ study: madeRateStudy, networks: waiting });
  expect(none.networks.every(({ lr, chosen }) => lr === 0.01 && chosen)).toBe(true);
  const points = none.rates?.families['random-halves']?.[0]?.rows.flatMap((row) => row.points);
  expect(points?.every(({ chosen }) => chosen === 0)).toBe(true);
});

test('results.json comes back as it was, and what it says of the choice is not believed', () => {
  const text = formatResults(results);
  expect(buildResults(parseResults(text))).toEqual(results);
  const forged = JSON.parse(text) as Results;
  const swapped = {
    ...forged,
    networks: forged.notChosen?.map((each) => ({ ...each, chosen: true })),
    notChosen: forged.networks.map((each) => ({ ...each, chosen: false })),
  };
  expect(buildResults(parseResults(JSON.stringify(swapped)))).toEqual(results);
  const wrong = { ...forged, notChosen: [{ ...forged.networks[0], lr: 0 }] };
  expect(() => parseResults(JSON.stringify(wrong))).toThrow(/notChosen\.0\.lr: found 0, wanted/);
});

test('the table for R has all networks and says which count', () => {
  const [header, ...rows] = formatCsv(results).trim().split('\r\n');
  expect(header).toMatch(
    /overBasePt,originalName,lr,chosen,selectionAccuracy,imagesPerClass,testImages,classes$/,
  );
  expect(rows).toHaveLength(makeRateNetworks(4).length);
  expect(rows.filter((row) => /,0\.03,true,/.test(row)).length).toBeGreaterThan(0);
  expect(rows.filter((row) => /,false,/.test(row))).toHaveLength(results.notChosen?.length ?? 0);
});

test('a study of one rate has nothing of this', () => {
  const study = oneRate();
  const one = buildResults({ study, networks: makeNetworks({ weightLayers: 6, splits: 2 }) });
  expect(Object.keys(one)).not.toContain('rates');
  expect(Object.keys(one)).not.toContain('notChosen');
  expect(formatCsv(one)).not.toContain('chosen');
});
