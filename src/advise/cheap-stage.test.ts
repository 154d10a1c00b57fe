import { expect, test } from 'vitest';
import { promisingCuts } from './cheap-stage.js';

function stageOf(images: number, ...accuracies: readonly (readonly [number, number])[]) {
  const nothing = { accuracy: 0.1, logMe: 0, hScore: 0 };
  const cuts = accuracies.map(([accuracy, random], at) => ({
    ...{ n: at + 1, name: `cut${at + 1}`, width: 10, accuracy, logMe: 0, hScore: 0 },
    ...{ randomLabels: nothing, randomWeights: { ...nothing, accuracy: random } },
  }));
  return { images, folds: 5, cuts };
}

test('the latest of those that gain most over random weights, then half-way, then the others', () => {
  // Cut 1 has the best probe, but features of random weights are nearly as good there.
  const gains = [
    [0.7, 0.65],
    [0.6, 0.5],
    [0.6, 0.45],
    [0.6, 0.3],
    [0.6, 0.31],
    [0.5, 0.3],
    [0.5, 0.2],
  ] as const;
  expect(promisingCuts(stageOf(10_000, ...gains))).toEqual([4, 5, 6, 3, 2, 1]);
  // Half-way would be 2, which gains far less. With few images 4, 5 and 6 cannot be told apart.
  expect(promisingCuts(stageOf(40, ...gains)).slice(0, 2)).toEqual([6, 3]);
});

test('one cut, or two', () => {
  expect(promisingCuts(stageOf(100, [0.5, 0.1]))).toEqual([]);
  expect(promisingCuts(stageOf(100, [0.5, 0.1], [0.6, 0.1]))).toEqual([1]);
});
