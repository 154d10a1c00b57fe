// What counts as an independent value, by hand: every expected interval is tInterval of numbers
// that the case's own offsets give.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { tInterval } from '../../stats/interval.js';
import { buildResults } from './build.js';
import type { NetworkResult } from './types.js';

const study = { name: 'made', weightLayers: 4, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const splitOf = ({ split }: NetworkResult) => Number(split.slice(5));
const isBase = ({ treatment }: NetworkResult) => treatment === 'base';
const made = (splits: number, accuracy: (network: NetworkResult) => number, repeats = 1) =>
  makeNetworks({ weightLayers: 4, splits, repeats, accuracy });
const ends = (point: { lowPt: number | null; highPt: number | null } | undefined) => [
  point?.lowPt,
  point?.highPt,
];
const close = (found: readonly unknown[], values: readonly number[]) => {
  const interval = tInterval(values);
  expect(found[0]).toBeCloseTo(interval?.low ?? NaN, 9);
  expect(found[1]).toBeCloseTo(interval?.high ?? NaN, 9);
};

describe('the unit of intervals', () => {
  // Points over the base, by split, target A and B.
  const points = [
    [1, 5],
    [2, 2],
    [3, 9],
    [8, 0],
  ] as const;
  const gain = (network: NetworkResult) =>
    isBase(network)
      ? 0.5
      : 0.5 + (points[splitOf(network)]?.[network.target === 'A' ? 0 : 1] ?? 0) / 100;

  it('is the (split, target) below four splits, the split from four on', () => {
    const three = build(made(3, gain));
    close(ends(three.matched['AnB+']?.[0]), [1, 5, 2, 2, 3, 9]);
    expect(three.matched['AnB+']?.[0]?.units).toBe(6);
    expect(three.intervals).toMatchObject({ unit: 'split-target', units: 6 });
    const four = build(made(4, gain));
    close(ends(four.matched['AnB+']?.[0]), [3, 2, 6, 4]);
    expect(four.matched['AnB+']?.[0]?.units).toBe(4);
    expect(four.intervals).toMatchObject({ unit: 'split', units: 4 });
    expect(four.intervals.population).toMatch(/^these classes and test images, divided/);
  });

  it('is the same in comparisons, Table 1, decomposition, lines and noise', () => {
    const onlyTransfer = (network: NetworkResult) =>
      network.treatment === 'AnB+' || network.treatment === 'AnB' ? gain(network) : 0.5;
    const { comparisons, table1, decomposition, lines, noise } = build(made(4, onlyTransfer));
    const units = [3, 2, 6, 4];
    const over = (against: string) =>
      comparisons.find((each) => each.treatment === 'AnB+' && each.against === against);
    for (const against of ['base', 'BnB+', 'warm-restart']) {
      close(ends(over(against)), units);
      expect(over(against)).toMatchObject({ clusters: 4, meanPt: 3.75 });
    }
    const [row] = table1;
    close([row?.matchedOverBaseLowPt, row?.matchedOverBaseHighPt], units);
    close([row?.matchedOverSelfferLowPt, row?.matchedOverSelfferHighPt], units);
    close([row?.matchedOverWarmRestartLowPt, row?.matchedOverWarmRestartHighPt], units);
    const [drop] = decomposition;
    const losses = units.map((value) => -value);
    close([drop?.specificityLowPt, drop?.specificityHighPt], losses);
    close([drop?.balanceLowPt, drop?.balanceHighPt], units);
    const line = lines['AnB+']?.[0];
    close([line?.low, line?.high], [0.53, 0.52, 0.56, 0.54]);
    // AnB and AnB+ at 3 n each scatter so; BnB, BnB+, random at 3 n each and the warm restart not
    // at all.
    const square = units.reduce((sum, value) => sum + (value - 3.75) ** 2, 0);
    expect(noise.betweenClustersPt).toBeCloseTo(Math.sqrt((6 * square) / (16 * 3)), 9);
  });

  it('lets complementary halves cancel in accuracies', () => {
    const accuracy = (network: NetworkResult) => 0.5 + (network.target === 'A' ? 0.1 : -0.1);
    const { base } = build(made(4, accuracy));
    expect([base.low, base.high]).toEqual([0.5, 0.5]);
  });

  it('averages repeats first: they are no units, and many weigh no more than one', () => {
    const accuracy = (network: NetworkResult) =>
      isBase(network) ? 0.5 : 0.5 + [0.01, 0.02, 0.06][splitOf(network)]! + network.repeat / 100;
    const three = made(3, accuracy, 2);
    close(ends(build(three).matched.AnB?.[0]), [1.5, 2.5, 6.5, 1.5, 2.5, 6.5]);
    // Without the second repeat of one network at n = 1, its (split, target) has 0, 1 and 1 at
    // n = 1, 2, 3 instead of 0.5 each; no other unit changes.
    const without = three.filter(({ name }) => name !== 'split0-r1/A1B+');
    const range = build(without).comparisons.find(
      ({ treatment, against }) => treatment === 'AnB+' && against === 'base',
    );
    close(ends(range), [1.5, 4 / 3, 2.5, 2.5, 6.5, 6.5]);
    // Table 1 averages all n in one go: over the five networks it would be 1.4.
    const [row] = build(without).table1;
    close(
      [row?.matchedOverBaseLowPt, row?.matchedOverBaseHighPt],
      [1.5, 4 / 3, 2.5, 2.5, 6.5, 6.5],
    );
  });

  it('takes the mean of several reference bases of a target', () => {
    const networks = made(3, gain);
    const second = networks
      .filter(isBase)
      .map((each) => ({ ...each, name: `${each.name}-2`, accuracy: 0.52 }));
    const { matched, base } = build([...networks, ...second]);
    close(ends(matched['AnB+']?.[0]), [0, 4, 1, 1, 2, 8]);
    expect(matched['AnB+']?.[0]?.units).toBe(6);
    close([base.low, base.high], [0.51, 0.51, 0.51, 0.51, 0.51, 0.51]);
  });
});

describe('two unlike tasks', () => {
  const noise = [-0.5, 0, 0.5];
  // Truth: A to B loses 10 points, B to A nothing. Bases differ from repeat to repeat.
  const accuracy = ({ treatment, target, repeat, n }: NetworkResult) => {
    const luck = (noise[repeat] ?? 0) / 100;
    const own = treatment === 'base' ? 3 * luck : luck;
    return 0.7 + own - (treatment === 'AnB' && target === 'B' ? (0.1 * n) / 3 : 0);
  };
  const unlike = (repeats: number) =>
    made(1, accuracy, repeats).map((each): NetworkResult => ({
      ...each,
      family: 'classes',
      split: 'classes',
    }));

  it('have an answer each, over repeats matched with the base of their own', () => {
    const { byTarget, matched } = build(unlike(3));
    expect(Object.keys(byTarget ?? {})).toEqual(['A', 'B']);
    expect(byTarget?.['B']?.intervals).toEqual({
      unit: 'repeat',
      units: 3,
      population: 'these tasks and test images, trained anew',
    });
    const deepest = byTarget?.['B']?.matched.AnB?.at(-1);
    expect(deepest).toMatchObject({ meanPt: -10, networks: 3, units: 3 });
    close(ends(deepest), [-9, -10, -11]);
    close(ends(byTarget?.['A']?.matched.AnB?.at(-1)), [1, 0, -1]);
    expect(byTarget?.['B']?.base.networks).toBe(3);
    // The pooled number has two values, of two questions.
    expect(matched.AnB?.at(-1)).toMatchObject({ meanPt: -5, lowPt: null, units: 2 });
  });

  it('are none of random halves', () => {
    expect(build(made(2, accuracy)).byTarget).toBeUndefined();
  });

  it('with one target are that target', () => {
    const toB = unlike(3).filter((each) => each.target === 'B' || isBase(each));
    const { byTarget, matched } = build(toB);
    expect(Object.keys(byTarget ?? {})).toEqual(['B']);
    expect(matched.AnB).toEqual(byTarget?.['B']?.matched.AnB);
    expect(matched.AnB?.at(-1)?.units).toBe(3);
  });
});

describe('sets of n', () => {
  const ranges = (layers: readonly number[]) => {
    const networks = makeNetworks({ weightLayers: 8, splits: 2, layers });
    const { comparisons, table1 } = buildResults({
      study: { ...study, weightLayers: 8 },
      networks,
    });
    const over = comparisons.filter(
      ({ treatment, against }) => treatment === 'AnB+' && against === 'base',
    );
    return [over.map((each) => each.layers), table1.map((each) => each.layers)];
  };

  it('are named by what was trained, each once', () => {
    expect(ranges([1, 2, 3, 4, 5, 6, 7])).toEqual([
      ['1-7', '3-7', '5-7', '1', '2', '3', '4', '5', '6', '7'],
      ['1-7', '3-7', '5-7'],
    ]);
    // 1-7 and 3-7 would be the same test, and would name n that were not trained.
    expect(ranges([3, 5])).toEqual([
      ['3,5', '3', '5'],
      ['3,5', '5-5'],
    ]);
    expect(ranges([1, 3, 4])[0]).toEqual(['1,3,4', '3-4', '1', '3', '4']);
    expect(ranges([6])).toEqual([['6'], ['6-6']]);
  });
});

describe('reduced data', () => {
  it('have no interval over different numbers of images, and one over repeats of a number', () => {
    const reduced = [1, 10, 100, 1000].flatMap((imagesPerClass) =>
      made(1, ({ repeat }) => Math.log10(imagesPerClass) / 4 + repeat / 100, 3)
        .filter(isBase)
        .filter(({ target }) => target === 'A')
        .map((each): NetworkResult => {
          const split = `reduced-${imagesPerClass}`;
          return { ...each, family: 'reduced', split, target: null, imagesPerClass };
        }),
    );
    const all = build(reduced);
    expect(all.base).toMatchObject({ networks: 12, low: null, high: null });
    expect(all.base.mean).toBeCloseTo(0.385, 9);
    expect(all.intervals).toMatchObject({ unit: 'repeat', units: 3 });
    const one = build(reduced.filter(({ imagesPerClass }) => imagesPerClass === 100));
    close([one.base.low, one.base.high], [0.5, 0.51, 0.52]);
  });
});
