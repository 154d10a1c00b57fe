import { describe, expect, test } from 'vitest';
import {
  type Arm,
  armKey,
  armWords,
  familyOf,
  firstArms,
  knownRates,
  LEAST_ARMS,
  withNeeded,
} from './arms.js';
import { finalists } from './real-stage.js';
import { type ArmResult, longestEpochs } from './round.js';

describe('arms', () => {
  test('the rivals that everybody knows come first, whatever the budget', () => {
    const arms = firstArms(6, [3, 5, 2]);
    const kept = arms.slice(0, LEAST_ARMS).map((arm) => familyOf(arm, 6));
    expect(kept).toContain('last layer only');
    expect(kept).toContain('fine-tune everything');
    expect(kept).toContain('scratch');
    expect(kept).toContain('frozen');
    expect(new Set(arms.map(armKey)).size).toBe(arms.length);
    expect(arms.every(({ n }) => n < 6)).toBe(true);
  });

  test('every rate is one that is known, so that the truth test sweeps it', () => {
    for (const { treatment, rate } of firstArms(6, [3, 5, 2, 1])) {
      expect(treatment === 'probe' ? [] : knownRates[treatment]).toContain(rate);
    }
  });

  test('LP-FT begins with the layers frozen: that arm is there for nothing', () => {
    const tuned: Arm = { treatment: 'AnB>', n: 2, rate: 0.001 };
    const frozen: Arm = { ...tuned, treatment: 'AnB' };
    expect(withNeeded([tuned])).toEqual([frozen, tuned]);
    expect(withNeeded([frozen, tuned])).toEqual([frozen, tuned]);
  });

  test('few images are seen more often', () => {
    expect([90, 320, 1000, 20].map(longestEpochs)).toEqual([100, 40, 30, 100]);
  });

  test('a network of one cut has no inner ones', () => {
    const arms = firstArms(2, [1]);
    expect(arms.every(({ n, treatment }) => n === (treatment === 'base' ? 0 : 1))).toBe(true);
  });

  test('words', () => {
    const arm: Arm = { treatment: 'AnB+-slow', n: 5, rate: 0.001 };
    expect(armWords(arm, 6, 'pool')).toBe(
      'copy everything but the last layer and fine-tune it, at a tenth of the rate of the new layers',
    );
    expect(armWords({ ...arm, n: 2 }, 6, 'conv2')).toMatch(/^copy everything up to conv2 and/);
    expect(armWords({ ...arm, treatment: 'AnB' }, 6, '')).toBe(
      'freeze everything, train a new last layer',
    );
  });

  test('finalists: the two best, and the best of each rival', () => {
    const result = (treatment: Arm['treatment'], n: number, accuracy: number): ArmResult => ({
      arm: { treatment, n, rate: 0.001 },
      ...{ accuracy, loss: 1, seconds: 1, study: '', network: '' },
    });
    const results = [
      result('AnB+-slow', 3, 0.9),
      result('AnB', 3, 0.8),
      result('AnB+', 5, 0.7),
      result('AnB>', 5, 0.6),
      result('AnB', 5, 0.5),
      result('base', 0, 0.2),
    ];
    expect(finalists(results, 6).map(({ treatment, n }) => `${treatment} ${n}`)).toEqual([
      'AnB 5',
      'AnB+-slow 3',
      'AnB 3',
      'AnB+ 5',
      'base 0',
    ]);
    expect(finalists(results, 6, 4)).toHaveLength(6);
  });
});
