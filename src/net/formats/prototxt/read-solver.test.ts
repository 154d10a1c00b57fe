import { expect, it } from 'vitest';
import { ParseError } from '../../../base/errors.js';
import { readCaffeSolver } from './read-solver.js';

const problems = (text: string): readonly string[] => {
  try {
    readCaffeSolver(text, 's');
    return [];
  } catch (error) {
    if (error instanceof ParseError) return error.message.split('\n');
    throw error;
  }
};
const head = 'net: "n.prototxt" base_lr: 0.01 max_iter: 450000 gamma: 0.1 momentum: 0.9';

it('reads steps', () => {
  const text = `${head} weight_decay: 0.0005 lr_policy: "step" stepsize: 100000 test_interval: 1000 solver_mode: GPU`;
  expect(readCaffeSolver(text, 's')).toMatchObject({
    learningRate: 0.01,
    gamma: 0.1,
    steps: [100_000, 200_000, 300_000, 400_000],
    iterations: 450_000,
    momentum: 0.9,
    weightDecay: 0.0005,
    testEvery: 1000,
    trainNet: 'n.prototxt',
    remarks: [],
  });
  const listed = `${head} lr_policy: "multistep" stepvalue: 5 stepvalue: 9 stepvalue: 450000`;
  expect(readCaffeSolver(listed, 's').steps).toEqual([5, 9]);
  expect(readCaffeSolver(head, 's').steps).toEqual([]);
  expect(readCaffeSolver(`${head} test_interval: 0`, 's').testEvery).toBeNull();
});

it('refuses what it does not have', () => {
  const text =
    'base_lr: 1\nlr_policy: "poly" power: 2\ntype: "Adam"\niter_size: 4\nlr_polcy: "step"';
  expect(problems(text)).toEqual([
    's:1:1: the solver has no max_iter',
    's:2:1: lr_policy: found poly, wanted fixed, step or multistep',
    's:3:1: type: found Adam, wanted SGD',
    's:4:1: iter_size: found 4, wanted 1: write solver.batch of the study 4 times as large instead',
    's:5:1: the solver: "lr_polcy" is not supported',
  ]);
  expect(problems(`${head} clip_gradients: 35`)[0]).toMatch(/clip_gradients: found 35/);
});

it.each([
  ['max_iter: 0', /max_iter stands more than once, wanted it once/],
  ['lr_policy: "step"', /stepsize: wanted an integer of at least 1 for lr_policy step/],
  ['lr_policy: "step" stepsize: 0.000001', /stepsize: found 0.000001, wanted an integer/],
  ['lr_policy: "step" stepsize: 1', /stepsize: found 1, with which the rate falls 449999 times/],
  ['lr_policy: "multistep" stepvalue: 9 stepvalue: 5', /stepvalue: found 9, 5, wanted ascending/],
  ['lr_policy: "multistep" stepvalue: -5', /stepvalue: found -5, wanted ascending integers/],
  ['weight_decay: nan', /weight_decay: found nan, wanted a number/],
  ['weight_decay: 1e999', /weight_decay: found inf, wanted a number/],
])('%s', (more, message) => {
  expect(problems(`${head} ${more}`)[0]).toMatch(message);
});

it('wants a gamma where the rate falls: Caffe takes 0', () => {
  const text = 'base_lr: 1 max_iter: 100 lr_policy: "step" stepsize: 30';
  expect(problems(text)[0]).toMatch(/lr_policy step wants a gamma/);
});

it('passes over what changes no number, and says what it does not take', () => {
  const text = `${head} snapshot_format: HDF5 iter_size: 1 clip_gradients: -1 solver_type: SGD
    random_seed: 1\n weights: "w.caffemodel"\n test_state: { stage: "val" }`;
  expect(readCaffeSolver(text, 's').remarks).toMatchObject([
    { message: 'random_seed is not taken: seeds are those of the study (seed)' },
    { message: 'weights is not taken: bases start from their fillers' },
    { message: 'test_state is not taken: networks are tested as they are trained' },
  ]);
});
