import { expect, it } from 'vitest';
import { readCaffeSolver } from './read-solver.js';
import { linesOf } from '../../../../test/problems.js';

const problems = (text: string): readonly string[] => linesOf(() => readCaffeSolver(text, 's'));
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
    'base_lr: 1\nlr_policy: "pole" power: 2\ntype: "Adam"\niter_size: 4\nlr_polcy: "step"';
  expect(problems(text)).toEqual([
    's:1:1: the solver has no max_iter',
    's:2:1: lr_policy: found pole, wanted one of fixed, step, multistep, exp, inv, poly, sigmoid',
    's:3:1: type: found Adam, wanted SGD or Nesterov',
    's:4:1: iter_size: found 4, wanted 1: write solver.batch of the study 4 times as large instead',
    's:5:1: the solver: "lr_polcy" is not supported',
  ]);
  expect(problems(`${head} clip_gradients: 0`)[0]).toMatch(/clip_gradients: found 0, wanted more/);
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

it.each([
  ['lr_policy: "exp"', { kind: 'exp', gamma: 0.1 }],
  ['lr_policy: "inv" power: 0.75', { kind: 'inv', gamma: 0.1, power: 0.75 }],
  ['lr_policy: "poly" power: 2', { kind: 'poly', power: 2 }],
  ['lr_policy: "sigmoid" stepsize: 500', { kind: 'sigmoid', gamma: 0.1, stepSize: 500 }],
])('reads %s', (text, policy) => {
  expect(readCaffeSolver(`${head} ${text}`, 's')).toMatchObject({ policy, gamma: 1, steps: [] });
});

it.each([
  ['lr_policy: "inv"', /lr_policy inv wants a power/],
  ['lr_policy: "sigmoid" stepsize: 0', /stepsize: found 0, wanted .* for lr_policy sigmoid/],
])('wants what %s needs', (text, problem) => {
  expect(problems(`${head} ${text}`)[0]).toMatch(problem);
});

it("reads Nesterov's momentum and clipping", () => {
  const read = (text: string) => readCaffeSolver(`${head} ${text}`, 's');
  for (const text of ['type: "Nesterov"', 'solver_type: NESTEROV', 'solver_type: 1']) {
    expect(read(text).nesterov).toBe(true);
  }
  expect(read('type: "SGD" clip_gradients: 35')).toMatchObject({ nesterov: false, clipNorm: 35 });
});
