import { expect, test } from 'vitest';
import type { Arm } from './arms.js';
import { ranked, type ArmResult } from './round.js';
import { scored } from './score.js';

function result(treatment: Arm['treatment'], n: number, accuracy: number, rate = 0.001): ArmResult {
  return {
    arm: { treatment, n, rate },
    ...{ accuracy, loss: 1, seconds: 1, study: '', network: `${treatment}${n}` },
  };
}

const kinds = ['AnB', 'AnB+', 'AnB+-slow', 'AnB>'] as const;
/** Cut 3 is ten points better than the others, and fine-tuning five than freezing. */
const grid = kinds.flatMap((kind, at) =>
  [1, 2, 3, 4].map((n) => result(kind, n, 0.5 + (n === 3 ? 0.1 : 0) + (at > 0 ? 0.05 : 0))),
);
const lucky = (accuracy: number): ArmResult[] =>
  grid.map((each) => (each.network === 'AnB1' ? { ...each, accuracy } : each));

test('an arm that got lucky on few images is not the best', () => {
  const found = ranked(scored(lucky(0.66), [], 40));
  expect(found[0]?.arm.n).toBe(3);
  expect(found.at(0)?.score).toBeLessThan(0.66);
  // Without scores it is.
  expect(ranked(lucky(0.66))[0]?.network).toBe('AnB1');
});

test('with many images it is', () => {
  const found = ranked(scored(lucky(0.75), [], 100_000));
  expect(found[0]?.network).toBe('AnB1');
  expect(found[0]?.score).toBeCloseTo(0.75, 2);
});

test('too few results: accuracies as they are', () => {
  const few = grid.slice(0, 4);
  expect(scored(few, [], 20).map(({ score }) => score)).toEqual(few.map((each) => each.accuracy));
});

test('what was found in a shorter round counts, less its level', () => {
  const shorter = grid.map((each) => ({ ...each, accuracy: each.accuracy - 0.2 }));
  const last = [result('AnB', 1, 0.66), result('AnB+', 3, 0.65), result('AnB', 3, 0.6)];
  const found = ranked(scored(last, shorter, 40));
  expect(found[0]?.network).toBe('AnB+3');
  expect(ranked(scored(last, [], 40))[0]?.network).toBe('AnB1');
});

test('a probe is a way of its own', () => {
  const probe = result('probe', 4, 0.5, 3);
  const found = scored([...grid, probe], [], 40);
  expect(found.at(-1)?.arm).toEqual(probe.arm);
  expect(found.at(-1)?.score).toBeGreaterThan(0.4);
});
