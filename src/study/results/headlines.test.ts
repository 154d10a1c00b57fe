import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { pOfInterval, tInterval, tTest } from '../../stats/interval.js';
import { buildResults } from './build.js';
import { headlinesOf } from './headlines.js';
import type { NetworkResult } from './types.js';

const layers = 8;
const build = (points: (network: NetworkResult) => number, splits = 4) =>
  buildResults({
    study: { name: 'made', weightLayers: layers, statistic: 'final' },
    networks: makeNetworks({
      weightLayers: layers,
      splits,
      accuracy: (network) => 0.6 + points(network) / 100,
    }),
  });
// Values of the four splits with mean 0 and standard deviation 1.
const scatter = [-1.161895, -0.387298, 0.387298, 1.161895];
const luck = ({ split }: NetworkResult) => scatter[Number(split.slice(5))] ?? 0;

describe('p of an interval', () => {
  it('is that of the t test of the same values', () => {
    const values = [1, 2, 4, 9];
    const { low = null, high = null } = tInterval(values) ?? {};
    expect(pOfInterval({ low, high }, 4)).toBeCloseTo(tTest(values)?.p ?? NaN, 7);
    expect(pOfInterval({ low: 2, high: 2 }, 4)).toBe(0);
    expect(pOfInterval({ low: 0, high: 0 }, 4)).toBe(1);
    expect(pOfInterval({ low: null, high: null }, 2)).toBeNull();
  });
});

describe('headlines', () => {
  it('let transfer hurt from the n from which on every interval lies below 0', () => {
    const loss = [0, -9, 0, -9, -9, -9, -9, -9];
    const results = build((each) => (each.treatment === 'AnB' ? loss[each.n]! + luck(each) : 0));
    // n = 1 is below too, but n = 2 is not.
    expect(results.matched.AnB?.[0]?.highPt).toBeLessThan(0);
    expect(headlinesOf(results).hurtsFrom).toBe(3);
    const recovers = build((each) =>
      each.treatment === 'AnB' ? (each.n === 7 ? 0 : -9) + luck(each) : 0,
    );
    expect(headlinesOf(recovers).hurtsFrom).toBeNull();
    const few = build((each) => (each.treatment === 'AnB' ? -9 : 0), 1);
    expect(headlinesOf(few).hurtsFrom).toBeNull();
  });

  it('let transfer hurt by less than the whole level, for other questions have shares', () => {
    // t = 2 size with 3 degrees of freedom: one-sided p = 0.021 and 0.014; its share of 5 % is
    // 0.35, and all ask: 0.0175.
    const hurts = (size: number) =>
      headlinesOf(
        build((each) => (each.treatment === 'AnB' && each.n === 7 ? -size + luck(each) : 0)),
      );
    const few = build((each) => (each.treatment === 'AnB' && each.n === 7 ? -1.7 + luck(each) : 0));
    expect(few.matched.AnB?.[6]?.highPt).toBeLessThan(0);
    expect([1.7, 2].map((size) => hurts(size).hurtsFrom)).toEqual([null, 7]);
  });

  it('correct co-adaptation drops for the number of n, and for the gains', () => {
    const dropAt = (size: number) =>
      build((each) => (each.treatment === 'BnB' ? (each.n === 4 ? -size : 0) + luck(each) : 0));
    // t = 2 size with 3 degrees of freedom: one-sided p = 0.0077, 0.0029, 0.0006. Seven n alone
    // would let the middle one pass (0.020); with a share of 0.15 of 5 % they do not (0.0011).
    const [small, middle, large] = [2.5, 3.5, 6].map((size) => headlinesOf(dropAt(size)));
    expect(small?.drops['co-adaptation']).toMatchObject({ resolved: [], isHinted: true });
    expect(middle?.drops['co-adaptation']).toMatchObject({ resolved: [], isHinted: true });
    expect(large?.drops['co-adaptation'].resolved.map(({ n }) => n)).toEqual([4]);
    expect(large?.drops['co-adaptation'].largest).toMatchObject({ n: 4, units: 4 });
    expect(headlinesOf(dropAt(0)).drops['co-adaptation'].isHinted).toBe(false);
    // Two targets have half the level each.
    expect(headlinesOf(dropAt(6), 2).drops['co-adaptation'].resolved).toEqual([]);
    const targets = { A: dropAt(6), B: dropAt(6) };
    const byTarget = headlinesOf({ ...dropAt(6), byTarget: targets });
    expect(byTarget.drops['co-adaptation'].resolved).toEqual([]);
  });

  it('test specificity from the deepest n upwards, up to the first that fails', () => {
    const specific = (sizes: readonly number[]) =>
      headlinesOf(build((each) => (each.treatment === 'AnB' ? -sizes[each.n]! + luck(each) : 0)));
    const resolved = (sizes: readonly number[]) =>
      specific(sizes).drops.specificity.resolved.map(({ n }) => n);
    // t = 2 size: 8 is one-sided 0.0020 in each of them, which seven tests would not let pass.
    expect(resolved([0, 4, 4, 4, 4, 4, 4, 4])).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(resolved([0, 9, 9, 9, 0, 4, 4, 4])).toEqual([5, 6, 7]);
    expect(specific([0, 9, 9, 9, 9, 9, 9, 0]).drops.specificity).toMatchObject({
      ...{ resolved: [], isHinted: true },
    });
  });

  it('let specificity take over only where the interval of the balance says so', () => {
    const specific = (sizes: readonly number[]) =>
      build((each) => (each.treatment === 'AnB' ? -sizes[each.n]! - luck(each) : 0));
    expect(headlinesOf(specific([0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).takeoverFrom).toBeNull();
    expect(headlinesOf(specific([0, 0.1, 0.1, 0.1, 0.1, 9, 9, 9])).takeoverFrom).toBe(5);
  });

  it('resolve gains on either side, each against its own control', () => {
    const { gains } = headlinesOf(
      build((each) =>
        each.treatment === 'AnB+' ? 9 + luck(each) : each.treatment === 'warm-restart' ? 18 : 0,
      ),
    );
    expect(gains.base).toMatchObject({ layers: '1-7', meanPt: 9, isResolved: true });
    expect(gains['warm-restart']).toMatchObject({ meanPt: -9, isResolved: true });
    expect(headlinesOf(build(() => 0)).gains['BnB+']?.isResolved).toBe(false);
  });
});
