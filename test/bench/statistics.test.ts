// A small version of `npm run bench:statistics`: intervals must hold the truth in 95 % of simulated
// studies, and verdicts must not be wrong.
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../bench/statistics/answers.js';
import { deviates, simulate } from '../../bench/statistics/simulate.js';
import { errorOf, tally } from '../../bench/statistics/tally.js';
import { effectPt, worlds } from '../../bench/statistics/worlds.js';

const design = { splits: 4, repeats: 1, noise: 'M', structure: 'halves' } as const;

describe('intervals', () => {
  // Each kind has seven intervals a study (one for each n) that share bases: of 250 studies a
  // coverage of 95 % has a standard error of 0.5 (if the seven were independent) to 1.4 (if
  // they were equal); measured ones are within 1.5 of 95, and the seed is fixed.
  it('hold the truth in 93 to 98 % of studies whose halves and tasks differ', () => {
    const { intervals } = tally(worlds.null, design, { studies: 250, seed: 1, cell: 'test' });
    const main = [
      ...['matched BnB', 'matched BnB+', 'matched AnB', 'matched AnB+', 'co-adaptation drop'],
      ...['specificity drop', 'balance of the two', 'AnB+ \u2212 BnB+', 'AnB+ \u2212 base'],
      ...['accuracy of AnB', 'AnB+ \u2212 warm-restart', 'AnB \u2212 BnB'],
    ];
    for (const kind of main) {
      const { stated, covered, absent } = intervals.get(kind)!;
      expect(absent, kind).toBe(0);
      expect((100 * covered) / stated, kind).toBeGreaterThanOrEqual(93);
      expect((100 * covered) / stated, kind).toBeLessThanOrEqual(98);
    }
  });
});

describe('verdicts', () => {
  it('of the paper\u2019s own effects are seldom wrong', () => {
    const plain = { ...design, structure: 'plain' } as const;
    const result = tally(worlds.paper, plain, { studies: 120, seed: 1, cell: 'test' });
    const rate = (id: string, verdict: 'supports' | 'contradicts') =>
      (result.verdicts.get(id)?.get(verdict) ?? 0) / result.studies;
    expect(rate('F10', 'supports')).toBeGreaterThanOrEqual(0.85);
    expect(rate('F10', 'contradicts')).toBeLessThanOrEqual(0.01);
    expect(result.falseSupport / result.studies).toBeLessThanOrEqual(0.05);
    expect(result.falseContradiction / result.studies).toBeLessThanOrEqual(0.05);
  });
});

describe('the simulation', () => {
  it('has the effects of its world, and the scatter that is asked for', () => {
    const accuracies = (study: number) =>
      simulate(worlds.paper, { ...design, splits: 200 }, deviates(1, 'mean', study)).filter(
        ({ family, treatment, n }) => family === 'random-halves' && treatment === 'AnB' && n === 7,
      );
    const values = accuracies(0).map(({ accuracy }) => 100 * accuracy!);
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    // Standard deviation about 1.5 Pt over 200 splits.
    expect(Math.abs(mean - (62.5 + effectPt(worlds.paper, 'AnB', 7)))).toBeLessThan(0.35);
    expect(accuracies(0)).toEqual(accuracies(0));
    expect(accuracies(0)).not.toEqual(accuracies(1));
  });

  it('tells false verdicts from true ones', () => {
    expect(errorOf('supports', 'false')).toBe('support');
    expect(errorOf('contradicts', 'small')).toBe('contradiction');
    expect([errorOf('negligible', 'true'), errorOf('negligible', 'small')]).toEqual([
      'contradiction',
      null,
    ]);
    expect(errorOf('undecided', 'true')).toBeNull();
  });

  it('reads the claims of answers in words', () => {
    const claims = (answer: string, target: string | null = null) =>
      claimsOf({ id: 'transfer', question: '', answer }, worlds.unlike, target);
    const hurts = 'From n = 2 on: against its own base, frozen transfer is at';
    expect(claims(hurts, 'B')).toEqual([{ id: 'transfer hurts from n on', isTrue: true }]);
    expect(claims(hurts, 'A')).toEqual([{ id: 'transfer hurts from n on', isTrue: false }]);
    const drop = 'There is a specificity drop at n = 3, 5; the largest mean is +1 at n = 5.';
    expect(claims(drop, 'A').map(({ isTrue }) => isTrue)).toEqual([false]);
    const gain =
      'Against the warm restart, the same base simply trained again: +0.9 [+0.4, +1.4] Pt, so the other task adds something.';
    expect(claims(gain)).toEqual([{ id: 'AnB+ above warm-restart', isTrue: false }]);
  });
});
