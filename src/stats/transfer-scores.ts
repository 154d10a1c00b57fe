// Scores of features for a task that were proposed in place of training: LogME and the H-score.
// Neither has a scale: they are read beside their values for random labels or random weights.
import { type PrincipalAxes } from './principal-axes.js';
import { type Rows } from './rows.js';

/** Features on their principal axes, taken as they are (neither centred nor scaled), and labels. */
export interface ScoredFeatures {
  readonly axes: PrincipalAxes;
  /** i32 [n], 0 .. classes - 1. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** LogME: the largest log evidence, per row, of a Bayesian linear model of each class's 0/1 column
 *  y = X w + e, w ~ N(0, 1/alpha), e ~ N(0, 1/beta); the mean over classes. Larger is better. With
 *  energies s_j and z_j = u_j . y, ln p = 1/2 sum_j ln(alpha / (alpha + beta s_j)) + n/2 ln(beta /
 *  2 pi) - beta/2 |X m - y|^2 - alpha/2 |m|^2 at the posterior mean m; alpha and beta by MacKay's
 *  fixed point, whose steps never lower it.
 *  @source You, Liu, Wang & Long 2021, "LogME: practical assessment of pre-trained models for
 *  transfer learning", ICML, equations 2-4 (theirs counts the directions that rows do not reach
 *  as if they cost alpha; here they cancel, as they do in the evidence). */
export function logMe({ axes, labels, classes }: ScoredFeatures): number {
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    sum += logEvidence(axes.energies, projections(axes, labels, label));
  }
  return sum / classes / labels.length;
}

interface Projected {
  /** z_j^2 along each axis. */
  readonly squares: Float64Array;
  /** |y|^2 less what the axes explain. */
  readonly rest: number;
  readonly count: number;
}

function projections({ scores, energies }: PrincipalAxes, labels: Int32Array, label: number) {
  const squares = new Float64Array(energies.length);
  let total = 0;
  labels.forEach((each, row) => {
    if (each !== label) return;
    total++;
    const from = row * scores.width;
    for (let axis = 0; axis < squares.length; axis++) {
      squares[axis] = (squares[axis] as number) + (scores.values[from + axis] as number);
    }
  });
  for (let axis = 0; axis < squares.length; axis++) {
    squares[axis] = (squares[axis] as number) ** 2 / (energies[axis] as number);
  }
  const explained = squares.reduce((sum, each) => sum + each, 0);
  return { squares, rest: Math.max(0, total - explained), count: labels.length };
}

/** Bounds of alpha / beta in units of the largest energy: beyond them nothing, or everything, of y
 *  is explained and the evidence does not change. */
const [smallestRatio, largestRatio] = [1e-12, 1e12];

function logEvidence(energies: Float64Array, { squares, rest, count }: Projected): number {
  const unit = energies[0] ?? 1;
  let [ratio, evidence] = [unit, -Infinity];
  // Slow only where the evidence is flat, so that its own change is the criterion.
  for (let iteration = 0; iteration < 2000; iteration++) {
    const at = atRatio(energies, { squares, rest, count }, ratio);
    if (Math.abs(at.evidence - evidence) <= 1e-10 * Math.abs(at.evidence)) return at.evidence;
    evidence = at.evidence;
    ratio = Math.min(Math.max(at.next, smallestRatio * unit), largestRatio * unit);
  }
  return evidence;
}

// For t = alpha / beta the best beta is n / (|X m - y|^2 + t |m|^2); then t of the fixed point.
function atRatio(energies: Float64Array, { squares, rest, count }: Projected, t: number) {
  let [known, weights, error, determinant] = [0, 0, rest, 0];
  energies.forEach((energy, axis) => {
    const square = squares[axis] as number;
    known += energy / (energy + t);
    weights += (energy * square) / (energy + t) ** 2;
    error += square * (t / (energy + t)) ** 2;
    determinant += Math.log(t / (t + energy));
  });
  // y explained to the last digit would be infinitely likely.
  const misfit = Math.max(error + t * weights, 1e-12 * count);
  const beta = count / misfit;
  const evidence = determinant / 2 + (count / 2) * (Math.log(beta / (2 * Math.PI)) - 1);
  const noise = Math.max(error, 1e-12 * count) / Math.max(count - known, 1e-12 * count);
  return { evidence, next: (known * noise) / Math.max(weights, Number.MIN_VALUE) };
}

/** The H-score with a shrunk covariance: tr(S^-1 (1 - a) B), B the covariance of class means (each
 *  weighted by its rows), S = (1 - a) T + a (tr T / p) I, T the covariance of all rows, a the
 *  intensity of Ledoit and Wolf. Larger is better; at most C - 1.
 *  @source Bao et al. 2019, "An information-theoretic approach to transferability in task transfer
 *  learning", ICIP; shrinkage: Ibrahim, Ponomareva & Mazumder 2021, "Newer is not always better";
 *  Ledoit & Wolf 2004, Journal of Multivariate Analysis 88:365. */
export function hScore({ axes, labels, classes }: ScoredFeatures): number {
  const { count, width } = axes.scores;
  const centred = centre(axes.scores);
  const covariance = covarianceOf(centred, count, width);
  const features = axes.centre.length;
  const { intensity, level } = ledoitWolf(centred, covariance, { count, width, features });
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const shrunk = (1 - intensity) * (covariance[i * width + j] as number);
      covariance[i * width + j] = shrunk + (i === j ? intensity * level : 0);
    }
  }
  const factor = cholesky(covariance, width);
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    const { mean, rows } = classMean(centred, labels, { label, width });
    // m^T S^-1 m = |L^-1 m|^2.
    const solved = solveLower(factor, mean, width);
    sum += (rows / count) * solved.reduce((total, value) => total + value ** 2, 0);
  }
  return (1 - intensity) * sum;
}

function centre({ values, count, width }: Rows): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0; at < values.length; at++) {
    means[at % width] = (means[at % width] as number) + (values[at] as number) / count;
  }
  return Float64Array.from(values, (value, at) => value - (means[at % width] as number));
}

function covarianceOf(x: Float64Array, count: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let row = 0; row < count; row++) {
    const from = x.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < width; i++) {
      const factor = (from[i] as number) / count;
      const into = out.subarray(i * width, (i + 1) * width);
      for (let j = 0; j < width; j++) into[j] = (into[j] as number) + factor * (from[j] as number);
    }
  }
  return out;
}

// In p dimensions, of which rows fill only `width`: the rest of the covariance is 0.
function ledoitWolf(
  x: Float64Array,
  covariance: Float64Array,
  { count, width, features }: { count: number; width: number; features: number },
): { intensity: number; level: number } {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i] as number;
  const level = trace / features;
  const squares = covariance.reduce((sum, value) => sum + value ** 2, 0);
  let fourth = 0;
  for (let row = 0; row < count; row++) {
    const own = x.subarray(row * width, (row + 1) * width);
    fourth += own.reduce((sum, value) => sum + value ** 2, 0) ** 2 / count;
  }
  const away = squares - features * level ** 2;
  const noise = Math.min(Math.max(0, (fourth - squares) / count), away);
  return { intensity: away > 0 ? noise / away : 1, level };
}

function classMean(
  x: Float64Array,
  labels: Int32Array,
  { label, width }: { label: number; width: number },
): { mean: Float64Array; rows: number } {
  const mean = new Float64Array(width);
  let rows = 0;
  labels.forEach((each, row) => {
    if (each !== label) return;
    rows++;
    for (let at = 0; at < width; at++) {
      mean[at] = (mean[at] as number) + (x[row * width + at] as number);
    }
  });
  return { mean: mean.map((sum) => sum / Math.max(1, rows)), rows };
}

// L of A = L L^T. Centred rows span one direction less than there are rows: what is left of a pivot
// by rounding counts as nothing, and so does its direction.
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) {
        rest -= (factor[i * n + k] as number) * (factor[j * n + k] as number);
      }
      const pivot = factor[j * n + j] as number;
      if (i === j) {
        const isRounding = rest <= 1e-12 * (matrix[i * n + i] as number);
        factor[i * n + i] = isRounding ? Infinity : Math.sqrt(rest);
      } else factor[i * n + j] = rest / pivot;
    }
  }
  return factor;
}

function solveLower(factor: Float64Array, right: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let rest = right[i] as number;
    for (let k = 0; k < i; k++) rest -= (factor[i * n + k] as number) * (out[k] as number);
    out[i] = rest / (factor[i * n + i] as number);
  }
  return out;
}
