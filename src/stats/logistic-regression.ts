// Multinomial logistic regression with an L2 penalty, in float64.
import { dot } from './dot.js';
import { type LbfgsOptions, minimise } from './lbfgs.js';
import { type LabelledRows, type Rows } from './rows.js';

/** Logits z_c = w_c . x + b_c. */
export interface LinearModel {
  /** f64 [C, p]. */
  readonly weights: Float64Array;
  /** f64 [C]; their sum is 0. */
  readonly bias: Float64Array;
}

/** A model that was fitted. */
export interface LogisticFit extends LinearModel {
  /** L: mean cross-entropy (natural logarithm) plus penalty. */
  readonly loss: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
}

/** Settings of {@link fitLogistic}. */
export interface LogisticOptions {
  /** lambda > 0. scikit-learn's C is 1 / (n lambda). */
  readonly l2: number;
  /** Where to start: the fit of a similar lambda saves most iterations. Zeros if left out. */
  readonly start?: LinearModel;
  /** Ends when no derivative of L is above it; default 1e-6. */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
}

/** Minimises L = -1/n sum_i ln softmax(W x_i + b)_{y_i} + lambda / 2 ||W||^2; the bias is not
 *  penalised. Two classes have two weight vectors too, so lambda weighs half as much there as in
 *  the binary form. Fast on principal axes (principal-axes.ts), where the Hessian is nearly
 *  diagonal; the minimum is the same on any axes.
 *  @source the objective of scikit-learn's LogisticRegression, divided by C n. */
export function fitLogistic(data: LabelledRows, options: LogisticOptions): LogisticFit {
  const { rows, classes } = data;
  const size = classes * rows.width;
  const x = new Float64Array(size + classes);
  if (options.start) {
    x.set(options.start.weights);
    x.set(options.start.bias, size);
  }
  const settings: LbfgsOptions = {
    curvature: curvature(rows, classes, options.l2),
    tolerance: options.tolerance ?? 1e-6,
    maxIterations: options.maxIterations ?? 500,
  };
  const objective = (at: Float64Array, gradient: Float64Array): number =>
    lossAndGradient(data, options.l2, at, gradient);
  const { value, iterations, hasConverged } = minimise(objective, x, settings);
  const bias = x.slice(size);
  const mean = bias.reduce((sum, each) => sum + each, 0) / classes;
  return {
    weights: x.slice(0, size),
    bias: bias.map((each) => each - mean),
    loss: value,
    iterations,
    hasConverged,
  };
}

/** z = X W^T + b. @returns f64 [n, C] */
export function logits({ values, count, width }: Rows, model: LinearModel): Float64Array {
  const classes = model.bias.length;
  const out = new Float64Array(count * classes);
  for (let row = 0; row < count; row++) {
    const from = row * width;
    const x = values.subarray(from, from + width);
    for (let k = 0; k < classes; k++) {
      const w = model.weights.subarray(k * width, (k + 1) * width);
      out[row * classes + k] = (model.bias[k] as number) + dot(x, w);
    }
  }
  return out;
}

/** The class of the largest logit, the first of equal ones. @returns i32 [n] */
export function classify(rows: Rows, model: LinearModel): Int32Array {
  const classes = model.bias.length;
  const z = logits(rows, model);
  return Int32Array.from({ length: rows.count }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if ((z[row * classes + k] as number) > (z[row * classes + best] as number)) best = k;
    }
    return best;
  });
}

// Second derivatives at W = 0: mean x_j^2 (1/C) (1 - 1/C) + lambda; along b the mean of 1^2.
function curvature({ values, count, width }: Rows, classes: number, l2: number): Float64Array {
  const spread = (1 / classes) * (1 - 1 / classes);
  const squares = new Float64Array(width);
  for (let at = 0; at < values.length; at++) {
    squares[at % width] = (squares[at % width] as number) + (values[at] as number) ** 2 / count;
  }
  const size = classes * width;
  return Float64Array.from({ length: size + classes }, (_, at) =>
    at < size ? (squares[at % width] as number) * spread + l2 : spread,
  );
}

function lossAndGradient(
  { rows, labels, classes }: LabelledRows,
  l2: number,
  x: Float64Array,
  gradient: Float64Array,
): number {
  const { values, count, width } = rows;
  const size = classes * width;
  const model = { weights: x.subarray(0, size), bias: x.subarray(size) };
  const z = logits(rows, model);
  let penalty = 0;
  for (let at = 0; at < size; at++) {
    const weight = x[at] as number;
    penalty += weight ** 2;
    gradient[at] = l2 * weight;
  }
  gradient.fill(0, size);
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const own = z.subarray(row * classes, (row + 1) * classes);
    const label = labels[row] as number;
    loss += toProbabilities(own, label) / count;
    own[label] = (own[label] as number) - 1;
    for (let k = 0; k < classes; k++) {
      own[k] = (own[k] as number) / count;
      gradient[size + k] = (gradient[size + k] as number) + (own[k] as number);
    }
  }
  addProducts(gradient, z, { values, count, width }, classes);
  return loss + (l2 / 2) * penalty;
}

// gradient[k] += sum_i excess[i,k] x_i, four rows at a time: each element is read and written once
// for four.
function addProducts(
  gradient: Float64Array,
  excess: Float64Array,
  { values, count, width }: Rows,
  classes: number,
): void {
  const none = new Float64Array(width);
  for (let first = 0; first < count; first += 4) {
    const [p, q, r, s] = [0, 1, 2, 3].map((at) => {
      const row = first + at;
      return row < count ? values.subarray(row * width, (row + 1) * width) : none;
    }) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let k = 0; k < classes; k++) {
      const [e, f, g, h] = [0, 1, 2, 3].map((at) => excess[(first + at) * classes + k] ?? 0) as [
        number,
        number,
        number,
        number,
      ];
      const into = gradient.subarray(k * width, (k + 1) * width);
      for (let at = 0; at < width; at++) {
        into[at] =
          (into[at] as number) +
          e * (p[at] as number) +
          f * (q[at] as number) +
          g * (r[at] as number) +
          h * (s[at] as number);
      }
    }
  }
}

// Logits become probabilities, in place. @returns -ln of the label's
function toProbabilities(z: Float64Array, label: number): number {
  const top = z.reduce((most, value) => Math.max(most, value), -Infinity);
  const own = (z[label] as number) - top;
  let sum = 0;
  for (let k = 0; k < z.length; k++) {
    z[k] = Math.exp((z[k] as number) - top);
    sum += z[k] as number;
  }
  for (let k = 0; k < z.length; k++) z[k] = (z[k] as number) / sum;
  return Math.log(sum) - own;
}
