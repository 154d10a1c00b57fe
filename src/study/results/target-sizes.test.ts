// Gains against the number of the target's images, from networks of known accuracy.
import { expect, test } from 'vitest';
import { makeSizedNetworks as made } from '../../../test/made-sizes.js';
import { makeNetworks } from '../../../test/made-study.js';
import { tInterval } from '../../stats/interval.js';
import { buildResults } from './build.js';
import { formatResults } from './json.js';
import { parseResults } from './parse.js';
import type { NetworkResult } from './types.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const wobble = ({ split, target }: NetworkResult) => [-0.5, 0.1, 0.4, 0][Number(split.at(-1))]! + (target === 'A' ? 0.2 : -0.2); // prettier-ignore

// AnB+ gains 8 Pt on 10 images, 3 on 30, nothing on all.
const gains = new Map<number | null, number>([[10, 8], [30, 3], [null, 0]]); // prettier-ignore
const falling = (network: NetworkResult, size: number | null): number =>
  wobble(network) + (network.treatment === 'AnB+' ? (gains.get(size) ?? 0) : 1);

test('a gain is the difference to the base of the same target and size', () => {
  const networks = made({ splits: 4, sizes: [10, 30, null], gain: falling });
  const { targetSizes, matched, families } = build(networks);
  const [section, ...others] = targetSizes?.['random-halves'] ?? [];
  expect(others).toEqual([]);
  expect(section).toMatchObject({
    target: null,
    sourceImagesPerClass: null,
    sizes: [10, 30, null],
  });
  const tuned = section?.gains.filter(({ treatment }) => treatment === 'AnB+');
  expect(tuned?.map(({ layers }) => layers)).toEqual(['1-3', '1', '3']);
  // Four splits: the mean over the targets of each is one value.
  const interval = tInterval([7.5, 8.1, 8.4, 8]);
  const [point] = tuned?.[0]?.points ?? [];
  expect(point).toMatchObject({ imagesPerClass: 10, units: 4, networks: 16 });
  expect(point?.meanPt).toBeCloseTo(8, 9);
  expect(point?.lowPt).toBeCloseTo(interval?.low ?? NaN, 9);
  expect(point?.highPt).toBeCloseTo(interval?.high ?? NaN, 9);
  expect(tuned?.map(({ endsAt }) => endsAt)).toEqual(['all', 'all', 'all']);
  // Ordinary summaries speak of the sources' size alone; sizes are never pooled.
  expect(matched['AnB+']?.[0]).toMatchObject({ networks: 8 });
  expect(families).toEqual({});
});

test('the end is the first size whose interval does not lie above 0, and may not be there', () => {
  const at = (zero: number | null) => {
    const gain = (each: NetworkResult, size: number | null): number =>
      wobble(each) + (size === zero ? 0 : 5);
    const [section] = build(made({ splits: 4, sizes: [10, 30], gain })).targetSizes!['random-halves']!; // prettier-ignore
    return section?.gains.find(({ treatment }) => treatment === 'AnB+')?.endsAt;
  };
  expect([at(10), at(30), at(null)]).toEqual([10, 30, null]);
});

test('frozen against tuned is paired: what they share cancels', () => {
  const gain = (each: NetworkResult): number =>
    10 * wobble(each) + (each.treatment === 'AnB' ? 2 : 0) + (each.split.startsWith('split1') ? 0.1 : 0) * (each.treatment === 'AnB' ? 1 : 0); // prettier-ignore
  const [section] = build(made({ splits: 2, sizes: [10], gain })).targetSizes!['random-halves']!;
  const paired = section?.gains.find(({ against }) => against === 'AnB+');
  // Two splits: (split, target) are the values.
  const interval = tInterval([2, 2, 2.1, 2.1]);
  expect(paired?.points[0]?.units).toBe(4);
  expect(paired?.points[0]?.meanPt).toBeCloseTo(2.05, 9);
  expect(paired?.points[0]?.lowPt).toBeCloseTo(interval?.low ?? NaN, 9);
});

test('unlike tasks are two questions, whose repeats are the values', () => {
  const gain = ({ target, repeat }: NetworkResult): number =>
    (target === 'A' ? 10 : 0) + 0.1 * repeat;
  const networks = made({ splits: 1, repeats: 3, family: 'classes', sizes: [10, null], gain });
  const sections = build(networks).targetSizes?.classes ?? [];
  expect(sections.map(({ target }) => target)).toEqual(['A', 'B']);
  const means = sections.map(({ gains: all }) => all[0]?.points[0]);
  expect(means.map((point) => point?.units)).toEqual([3, 3]);
  expect(means[0]?.meanPt).toBeCloseTo(10.1, 9);
  expect(means[1]?.meanPt).toBeCloseTo(0.1, 9);
});

test('repeats of random halves are averaged first', () => {
  const networks = made({ splits: 2, repeats: 3, sizes: [10], gain: wobble });
  const [section] = build(networks).targetSizes!['random-halves']!;
  expect(section?.gains[0]?.points[0]?.units).toBe(4);
});

test('whether the best cut moves rests on what both cuts have at both sizes', () => {
  const gain = (each: NetworkResult, size: number | null): number => {
    const deep = each.n === 3 ? (size === 10 ? 4 : -4) : 0;
    return deep + wobble(each) * (each.n === 3 ? 0.1 : 0);
  };
  const [section] = build(made({ splits: 4, sizes: [10, null], gain })).targetSizes!['random-halves']!; // prettier-ignore
  const [frozen] = section?.bestCuts ?? [];
  expect(frozen).toMatchObject({ treatment: 'AnB', points: [{ n: 3 }, { n: 1 }] });
  // (4 - 0) - (-4 - 0), the wobble of n = 3 being the same at both.
  expect(frozen?.shift).toMatchObject({ units: 4 });
  expect(frozen?.shift?.meanPt).toBeCloseTo(8, 9);
  const [still] = build(made({ splits: 4, sizes: [10, null], gain: wobble })).targetSizes![
    'random-halves'
  ]!;
  expect(still?.bestCuts[0]?.shift).toBeNull();
});

test('results with sizes are read back as they were', () => {
  const results = build(made({ splits: 2, sizes: [10, null], gain: falling }));
  const text = formatResults(results);
  expect(formatResults(buildResults(parseResults(text)))).toBe(text);
  const damaged = text.replace('"sizeOf":{"family":"random-halves"', '"sizeOf":{"family":"x"');
  expect(() => parseResults(damaged)).toThrow(/sizeOf\.family: found "x"/);
});

test('a base that does not learn from few images is still the reference', () => {
  const networks = made({ splits: 2, sizes: [1], gain: () => 1 }).map((each) =>
    each.treatment === 'base' ? { ...each, state: 'dead' as const } : each,
  );
  const [section] = build(networks).targetSizes!['random-halves']!;
  expect(section?.gains[0]?.points[0]?.meanPt).toBeCloseTo(1, 9);
});

test('a study without sizes has no such section', () => {
  const networks = makeNetworks({ weightLayers: 6, splits: 1 });
  expect(build(networks)).not.toHaveProperty('targetSizes');
});
