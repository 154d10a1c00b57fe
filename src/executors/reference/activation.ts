// Element-wise functions and their slopes.
import { activationNumbers } from '../../program/ops/activation.js';
import type { ActivationFunction } from '../../program/ops/params.js';
import { type Kernel, reals } from './kernel.js';

interface RealFunction {
  readonly value: (x: number, alpha: number, beta: number) => number;
  /** Derivative by x. */
  readonly slope: (x: number, alpha: number, beta: number) => number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const distribution = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

const SLOPE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;
const bend = (x: number): number => Math.tanh(SLOPE * (x + CUBIC * x ** 3));

/** erf(x) = 2/sqrt(pi) e^(-x^2) (x + 2 x^3/3 + 4 x^5/15 + ...): all terms have one sign, so that
 *  nothing cancels. @source Abramowitz & Stegun 7.1.6 */
function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) > 6) return Math.sign(x); // within 1e-16
  let [sum, term] = [0, x];
  for (let n = 0; sum + term !== sum; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 3);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const functions: { readonly [F in ActivationFunction]: RealFunction } = {
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  silu: {
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  },
  'hard-sigmoid': {
    value: (x, alpha, beta) => clip(alpha * x + beta, 0, 1),
    slope: (x, alpha, beta) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
  },
  'hard-swish': {
    value: (x) => x * clip(x / 6 + 0.5, 0, 1),
    slope: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
  },
  gelu: {
    value: (x) => x * distribution(x),
    slope: (x) => distribution(x) + x * density(x),
  },
  'gelu-tanh': {
    value: (x) => (x / 2) * (1 + bend(x)),
    slope: (x) =>
      (1 + bend(x)) / 2 + (x / 2) * (1 - bend(x) ** 2) * SLOPE * (1 + 3 * CUBIC * x * x),
  },
  'leaky-relu': {
    value: (x, alpha) => (x > 0 ? x : alpha * x),
    slope: (x, alpha) => (x > 0 ? 1 : alpha),
  },
  elu: {
    value: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
    slope: (x, alpha) => (x > 0 ? 1 : alpha * Math.exp(x)),
  },
  clip: {
    value: clip,
    slope: (x, alpha, beta) => (x > alpha && x < beta ? 1 : 0),
  },
  linear: { value: (x, alpha, beta) => alpha * x + beta, slope: (_, alpha) => alpha },
};

/** See src/program/ops/activation.ts. */
export const activation: Kernel<'activation'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const { alpha, beta } = activationNumbers(params);
  const { value } = functions[params.function];
  for (let at = 0; at < y.length; at++) y[at] = value(x[at] as number, alpha, beta);
};

/** See src/program/ops/activation.ts. */
export const activationBackward: Kernel<'activation_backward'> = ({ params, inputs, outputs }) => {
  const [dy, x, dx] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const { alpha, beta } = activationNumbers(params);
  const { slope } = functions[params.function];
  for (let at = 0; at < dx.length; at++) {
    dx[at] = (dy[at] as number) * slope(x[at] as number, alpha, beta);
  }
};
