import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { buildComparisons } from './comparisons.js';
import { buildNoise } from './noise.js';
import type { NetworkResult } from './types.js';
import type { TreatmentKind } from '../treatments.js';

// Gains of AnB+ over BnB+ in the four clusters: mean 2 Pt, s = sqrt(10 / 3) Pt.
const gains: Readonly<Record<string, number>> = { '0A': 0, '0B': 1, '1A': 3, '1B': 4 };
const networks = makeNetworks({
  weightLayers: 4,
  splits: 2,
  accuracy: ({ treatment, split, target }) => {
    const cluster = `${split.slice(5)}${target ?? ''}`;
    const base = 0.5 + 0.05 * Number(split.slice(5)) + (target === 'A' ? 0.1 : 0);
    if (treatment === 'AnB+') return base + 0.01 + (gains[cluster] ?? 0) / 100;
    return treatment === 'BnB+' ? base + 0.01 : base;
  },
});
const find = (all: readonly NetworkResult[], against: TreatmentKind, layers: string) =>
  buildComparisons(all, 4).find(
    (each) => each.treatment === 'AnB+' && each.against === against && each.layers === layers,
  );

describe('comparisons', () => {
  it('are paired within clusters: what the tasks differ by cancels', () => {
    const found = find(networks, 'BnB+', '2');
    const s = Math.sqrt(10 / 3);
    expect(found?.clusters).toBe(4);
    expect(found?.meanPt).toBeCloseTo(2, 9);
    expect(found?.t).toBeCloseTo(4 / s, 9);
    // t = 2.1909 with 3 degrees of freedom; quantiles 3.182446 and 0.978472.
    expect(found?.p).toBeCloseTo(0.1162, 3);
    expect(found?.lowPt).toBeCloseTo(2 - (3.182446 * s) / 2, 5);
    expect(found?.resolvablePt).toBeCloseTo(((3.182446 + 0.978472) * s) / 2, 5);
  });

  it('cover ranges, and the warm restart and the base at any n', () => {
    expect(find(networks, 'BnB+', '1-3')?.meanPt).toBeCloseTo(2, 9);
    expect(find(networks, 'warm-restart', '3')?.meanPt).toBeCloseTo(3, 9);
    expect(find(networks, 'base', '1-3')?.meanPt).toBeCloseTo(3, 9);
  });

  it('are asked in one order, whatever the order of the table of treatments', () => {
    const asked = buildComparisons(networks, 4)
      .filter(({ layers }) => layers === '2')
      .map(({ treatment, against }) => `${treatment} - ${against}`);
    expect(asked).toEqual([
      'AnB+ - BnB+',
      'AnB+ - warm-restart',
      'BnB+ - warm-restart',
      'AnB+ - base',
      'BnB+ - base',
      'AnB - BnB',
      'AnB - random',
      'AnB - base',
      'BnB - base',
    ]);
  });

  it('leave out clusters that lack a side, and have no test below three', () => {
    const only = networks.filter(({ treatment, target }) => treatment !== 'BnB+' || target === 'A');
    expect(find(only, 'BnB+', '2')).toMatchObject({ clusters: 2, lowPt: null, p: null, t: null });
    const none = networks.filter(({ treatment }) => treatment !== 'BnB+');
    expect(find(none, 'BnB+', '2')).toBeUndefined();
  });
});

describe('noise', () => {
  it('of test images is binomial', () => {
    const tested = networks.map((network) => ({ ...network, accuracy: 0.5, testImages: 2500 }));
    expect(buildNoise(tested).samplingPt).toBeCloseTo(1, 9);
    expect(buildNoise(networks).samplingPt).toBeNull();
  });

  it('of training is seen between repeats alone', () => {
    expect(buildNoise(networks)).toMatchObject({ trainingPt: null, repeatedNetworks: 0 });
    const repeated = makeNetworks({
      weightLayers: 4,
      splits: 1,
      repeats: 2,
      // Repeats differ by 2 Pt: s = sqrt(2).
      accuracy: ({ repeat }) => 0.5 + 0.02 * repeat,
    });
    expect(buildNoise(repeated).trainingPt).toBeCloseTo(Math.SQRT2, 9);
  });
});
