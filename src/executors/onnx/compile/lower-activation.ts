// Element-wise functions with their slopes, and the rectifier.
import { activationNumbers } from '../../../program/ops/activation.js';
import type { ActivationFunction } from '../../../program/ops/params.js';
import type { Graph, Name } from './graph.js';
import type { Lowering } from './lowering.js';

/** A function as operators on x, a = alpha and b = beta. */
type Form = (graph: Graph, x: Name, numbers: Numbers) => Name;

interface Numbers {
  readonly alpha: number;
  readonly beta: number;
}

interface FunctionForms {
  readonly value: Form;
  /** Derivative by x. */
  readonly slope: Form;
}

const SLOPE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

const one = (graph: Graph): Name => graph.float(1);
const zero = (graph: Graph): Name => graph.float(0);
const sigmoid: Form = (graph, x) => graph.apply('Sigmoid', [x]);
const scaled = (graph: Graph, x: Name, factor: number): Name => graph.mul(x, graph.float(factor));
const plus = (graph: Graph, x: Name, term: number): Name => graph.add(x, graph.float(term));
const isAbove = (graph: Graph, x: Name, bound: number): Name =>
  graph.apply('Greater', [x, graph.float(bound)]);
const isBelow = (graph: Graph, x: Name, bound: number): Name =>
  graph.apply('Less', [x, graph.float(bound)]);

// 1 where a condition holds, else 0: that and a product are faster than Where. (An infinite factor
// becomes NaN, not 0; a network that has one has diverged.)
const indicator = (graph: Graph, condition: Name): Name => graph.cast(condition, 'f32');

// `inside` where low < x < high, else 0.
function between(
  graph: Graph,
  x: Name,
  [low, high]: readonly [number, number],
  inside: number,
): Name {
  const isInside = graph.apply('And', [isAbove(graph, x, low), isBelow(graph, x, high)]);
  const isOne = indicator(graph, isInside);
  return inside === 1 ? isOne : scaled(graph, isOne, inside);
}

// P(x), the standard normal distribution.
function distribution(graph: Graph, x: Name): Name {
  const erf = graph.apply('Erf', [scaled(graph, x, Math.SQRT1_2)]);
  return scaled(graph, plus(graph, erf, 1), 0.5);
}

// tanh(sqrt(2/pi) (x + 0.044715 x^3)).
function bend(graph: Graph, x: Name): Name {
  const square = graph.mul(x, x);
  const inner = graph.mul(x, plus(graph, scaled(graph, square, SLOPE * CUBIC), SLOPE));
  return graph.apply('Tanh', [inner]);
}

function geluTanhSlope(graph: Graph, x: Name): Name {
  const bent = bend(graph, x);
  const steepness = graph.sub(one(graph), graph.mul(bent, bent));
  const inner = plus(graph, scaled(graph, graph.mul(x, x), 1.5 * CUBIC * SLOPE), SLOPE / 2);
  const moved = graph.mul(graph.mul(x, steepness), inner);
  return graph.add(scaled(graph, plus(graph, bent, 1), 0.5), moved);
}

const straight: Form = (graph, x, { alpha, beta }) => plus(graph, scaled(graph, x, alpha), beta);

const functions: { readonly [F in ActivationFunction]: FunctionForms } = {
  sigmoid: {
    value: sigmoid,
    slope: (graph, x, numbers) => {
      const y = sigmoid(graph, x, numbers);
      return graph.mul(y, graph.sub(one(graph), y));
    },
  },
  tanh: {
    value: (graph, x) => graph.apply('Tanh', [x]),
    slope: (graph, x) => {
      const y = graph.apply('Tanh', [x]);
      return graph.sub(one(graph), graph.mul(y, y));
    },
  },
  silu: {
    value: (graph, x, numbers) => graph.mul(x, sigmoid(graph, x, numbers)),
    slope: (graph, x, numbers) => {
      const s = sigmoid(graph, x, numbers);
      return graph.mul(s, plus(graph, graph.mul(x, graph.sub(one(graph), s)), 1));
    },
  },
  'hard-sigmoid': {
    value: (graph, x, { alpha, beta }) =>
      graph.apply('HardSigmoid', [x], { alpha: { float: alpha }, beta: { float: beta } }),
    slope: (graph, x, numbers) =>
      between(graph, straight(graph, x, numbers), [0, 1], numbers.alpha),
  },
  'hard-swish': {
    value: (graph, x) => graph.apply('HardSwish', [x]),
    slope: (graph, x) => {
      const rising = plus(graph, scaled(graph, x, 1 / 3), 0.5);
      const upper = graph.where(isBelow(graph, x, 3), rising, one(graph));
      return graph.where(isAbove(graph, x, -3), upper, zero(graph));
    },
  },
  gelu: {
    value: (graph, x) => graph.mul(x, distribution(graph, x)),
    slope: (graph, x) => {
      const halfSquare = scaled(graph, graph.mul(x, x), -0.5);
      const exponential = graph.apply('Exp', [halfSquare]);
      const density = scaled(graph, exponential, 1 / Math.sqrt(2 * Math.PI));
      return graph.add(distribution(graph, x), graph.mul(x, density));
    },
  },
  'gelu-tanh': {
    value: (graph, x) => graph.mul(scaled(graph, x, 0.5), plus(graph, bend(graph, x), 1)),
    slope: geluTanhSlope,
  },
  'leaky-relu': {
    value: (graph, x, { alpha }) => graph.apply('LeakyRelu', [x], { alpha: { float: alpha } }),
    slope: (graph, x, { alpha }) =>
      graph.where(isAbove(graph, x, 0), one(graph), graph.float(alpha)),
  },
  elu: {
    value: (graph, x, { alpha }) => graph.apply('Elu', [x], { alpha: { float: alpha } }),
    slope: (graph, x, { alpha }) => {
      const falling = scaled(graph, graph.apply('Exp', [x]), alpha);
      return graph.where(isAbove(graph, x, 0), one(graph), falling);
    },
  },
  clip: {
    value: (graph, x, { alpha, beta }) =>
      graph.apply('Clip', [x, graph.float(alpha), graph.float(beta)]),
    slope: (graph, x, { alpha, beta }) => between(graph, x, [alpha, beta], 1),
  },
  linear: {
    value: straight,
    slope: (graph, _, { alpha }) => graph.float(alpha),
  },
};

/** See src/program/ops/activation.ts. */
export const lowerActivation: Lowering<'activation'> = ({ graph, params, inputs: [x] }) => [
  functions[params.function].value(graph, x as Name, activationNumbers(params)),
];

/** See src/program/ops/activation.ts. */
export const lowerActivationBackward: Lowering<'activation_backward'> = (site) => {
  const { graph, params } = site;
  const slope = functions[params.function].slope(graph, site.input(1), activationNumbers(params));
  return [graph.mul(site.input(0), slope)];
};

/** See src/program/ops/relu.ts. */
export const lowerRelu: Lowering<'relu'> = ({ graph, inputs }) => [graph.apply('Relu', inputs)];

/** See src/program/ops/relu.ts. */
export const lowerReluBackward: Lowering<'relu_backward'> = (site) => {
  const { graph } = site;
  return [graph.mul(site.input(0), indicator(graph, isAbove(graph, site.input(1), 0)))];
};
