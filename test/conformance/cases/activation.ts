// Element-wise functions with their slopes.
import type { ActivationFunction, ActivationParams } from '../../../src/program/ops/params.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import { feed, type Limit, type Problem } from '../problem.js';

// Function -> its descriptor's keys beside the shape. x spans +-6, so that every bend is met. Of
// those that the reference computes with exponentials, oneDNN has polynomials and tables: 64 u of
// the largest element.
const functions: { readonly [F in ActivationFunction]: readonly string[] } = {
  sigmoid: [''],
  tanh: [''],
  silu: [''],
  'hard-sigmoid': ['', 'a0.25b0.25'],
  'hard-swish': [''],
  gelu: [''],
  'gelu-tanh': [''],
  'leaky-relu': ['', 'a0.25'],
  elu: ['', 'a0.5'],
  clip: ['', 'a0b6', 'a0.5b2'],
  linear: ['', 'a2b1', 'a0.5'],
};

const shapes = ['mb2ic16ih7', 'mb3ic20ih5iw3', 'mb3ic31'];

/** y = f(x), dx from dy and x. */
export const activationProblems: readonly Problem[] = Object.entries(functions).flatMap(
  ([name, keys]) =>
    keys.flatMap((key) =>
      shapes.map((shape) => activationProblem(name as ActivationFunction, `${shape}${key}`)),
    ),
);

function activationProblem(name: ActivationFunction, keys: string): Problem {
  const { line, get } = parseDescriptor(`act_${name.replaceAll('-', '_')} ${keys}`);
  const descriptor = parseDescriptor(`act ${keys}`);
  const params: ActivationParams = {
    function: name,
    ...(/a[\d.]/.test(keys) && { alpha: get('a') }),
    ...(/b[\d.]/.test(keys.replace(/^mb/, '')) && { beta: get('b') }),
  };
  const limit: Limit = { type: 'norm', factor: 64 };
  return {
    line,
    fills: ['reals'],
    given: { x: feed(inputShape(descriptor), { amplitude: 6 }), dy: feed(inputShape(descriptor)) },
    build: (builder, { x, dy }) => ({
      outputs: {
        y: builder.apply('activation', params, [x!]),
        dx: builder.apply('activation_backward', params, [dy!, x!]),
      },
    }),
    wanted: { y: { limit, maxZeros: 0.8 }, dx: { limit, maxZeros: 0.93 } },
  };
}
