import { expect, test } from 'vitest';
import { smallNetwork } from '../../test/train/job.js';
import type { AdviceContext } from './advice-context.js';
import type { Arm } from './arms.js';
import { comparedArms, shareOf } from './compare-arms.js';
import { confusions } from './page/mistakes.js';

const context = {
  directory: '/advice',
  source: { network: smallNetwork },
  data: { classes: ['a', 'b'] },
} as unknown as AdviceContext;

const labels = Array.from({ length: 100 }, (_, at) => at % 2);
/** Answers that are wrong from image `from` to `to`. */
const wrong = (from: number, to: number): number[] =>
  labels.map((label, at) => (at >= from && at < to ? 1 - label : label));

function judged(treatment: Arm['treatment'], n: number, answers: readonly number[]) {
  return {
    arm: { treatment, n, rate: 0.001 },
    ...{ selectionAccuracy: 0.5, seconds: 1, answers, confidence: labels.map(() => 1) },
    ...{ study: '/advice/round-2/x', network: 'two-sets/x' },
  };
}

const judgement = {
  labels,
  isWhole: true,
  arms: [
    judged('AnB+', 3, wrong(0, 10)),
    judged('AnB', 3, wrong(5, 18)),
    judged('base', 0, wrong(0, 50)),
  ],
};

test('differences are of the same images, p by Holm for all rivals', () => {
  const [chosen, frozen, scratch] = comparedArms(context, judgement);
  expect(chosen).toMatchObject({ accuracy: 0.9, chosenLessThis: null, study: 'round-2/x' });
  // 5 images alone wrong in the first, 8 in the second.
  expect(frozen?.chosenLessThis?.differencePt).toBeCloseTo(3, 9);
  expect(frozen?.chosenLessThis?.p).toBeCloseTo(0.5811, 3);
  expect(scratch?.chosenLessThis?.differencePt).toBeCloseTo(40, 9);
  // 40 images, all one way: twice 2 / 2^40.
  expect(scratch?.chosenLessThis?.p).toBeCloseTo(2 ** -38, 14);
  expect(scratch).toMatchObject({ family: 'scratch', cut: null });
});

test('parameters that learn: of the last layer alone, of all', () => {
  const [tuned, frozen, scratch] = comparedArms(context, judgement);
  expect(frozen?.family).toBe('last layer only');
  expect(frozen?.parametersTrained).toBe(20 * 2 + 2);
  expect(tuned?.parametersTrained).toBe(scratch?.parametersTrained);
  expect(tuned?.parametersTrained).toBeGreaterThan(1000);
});

test('a share has its exact interval', () => {
  const share = shareOf(wrong(0, 10), labels);
  expect(share.accuracy).toBe(0.9);
  expect(share.low).toBeCloseTo(0.8238, 4);
  expect(share.high).toBeCloseTo(0.951, 4);
});

test('confusions are counted by class', () => {
  expect(confusions(judgement, 2)).toEqual([
    [45, 5],
    [5, 45],
  ]);
});
