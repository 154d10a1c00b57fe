// The truth test's figures: the best arm must not be judged by what it was chosen by.
import { expect, test } from 'vitest';
import { chosenOf, oracleFolds, regretOf } from '../../bench/advise/regret.js';
import type { SweptArm } from '../../bench/advise/sweep.js';

function arm(n: number, folds: readonly number[], selectionAccuracy = 0.5): SweptArm {
  return { arm: { treatment: 'AnB', n, rate: 0.001 }, selectionAccuracy, selectionLoss: n, folds };
}

test('the best arm is chosen on half of the folds and counted on the other', () => {
  // One is lucky in the even folds, the other in the odd ones.
  const arms = [arm(1, [0.9, 0.1, 0.9, 0.1]), arm(2, [0.2, 0.8, 0.2, 0.8])];
  expect(oracleFolds(arms)).toEqual([0.2, 0.1, 0.2, 0.1]);
  expect(oracleFolds([...arms, arm(3, [1, 1, 1, 1])])).toEqual([1, 1, 1, 1]);
});

test('regret with its scatter over folds', () => {
  const { regretPt, standardErrorPt, accuracy } = regretOf(
    'from scratch',
    null,
    [0.5, 0.7],
    [...[0.6, 0.9]],
  );
  expect(accuracy).toBeCloseTo(0.6, 12);
  expect(regretPt).toBeCloseTo(15, 9);
  // Losses of 10 and 20 points: sqrt(50 / 2).
  expect(standardErrorPt).toBeCloseTo(5, 9);
});

test('rules choose by the images to choose by, of equal ones the smaller loss', () => {
  const arms = [arm(3, [1], 0.6), arm(2, [0], 0.7), arm(1, [0], 0.7)];
  expect(chosenOf(arms, () => true)?.arm.n).toBe(1);
  expect(chosenOf(arms, (each) => each.arm.n === 3)?.arm.n).toBe(3);
  expect(chosenOf(arms, () => false)).toBeNull();
});
