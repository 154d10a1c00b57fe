// Features turned to their principal axes: no more numbers a row than there are rows, each along
// one direction, distances and inner products unchanged. What depends on these alone (an L2-
// penalised linear model, the evidence of LogME) is computed there at less cost.
import { dot } from './dot.js';
import { type Rows } from './rows.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** X' = (X - centre) / scale = S V: scores S and orthonormal axes V. */
export interface PrincipalAxes {
  /** f64 [n, r]: column j has the sum of squares energies[j]. */
  readonly scores: Rows;
  /** f64 [r], descending, > 0: eigenvalues of X'^T X'. */
  readonly energies: Float64Array;
  /** f64 [r, p]: row j is axis j, of length 1, in the units of X'. */
  readonly axes: Float64Array;
  /** f64 [p] each. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
}

/** What is done to the columns first: nothing; or mean 0 and standard deviation 1 (of n, as
 *  scikit-learn's StandardScaler; a constant column becomes 0). */
export type Columns = 'as they are' | 'standardised';

/** Principal axes of n rows of width p, by eigenvectors of the smaller of X' X'^T and X'^T X':
 *  about n p m + 9 m^3 operations with m = min(n, p). Axes whose energy is below 1e-12 of the
 *  largest are left out: they are rounding. */
export function principalAxes(rows: Rows, columns: Columns): PrincipalAxes {
  const { count: n, width: p } = rows;
  const { centre, scale } = columns === 'standardised' ? moments(rows) : asTheyAre(p);
  const x = scaled(rows, centre, scale);
  const byRows = n < p;
  const size = byRows ? n : p;
  const eigen = symmetricEigen(byRows ? outer(x, n, p) : inner(x, n, p), size);
  const threshold = 1e-12 * Math.max(0, eigen.values[0] ?? 0);
  const rank = eigen.values.filter((value) => value > threshold).length;
  const energies = eigen.values.slice(0, rank);
  const vectors = eigen.vectors.subarray(0, rank * size);
  const found = byRows
    ? fromLeft({ x, n, p }, vectors, energies)
    : { axes: vectors.slice(), scores: times({ x, n, p }, vectors, rank) };
  const scores = { values: found.scores, count: n, width: rank };
  return { scores, energies, axes: found.axes, centre, scale };
}

/** Other rows of the same width on the same axes. @returns f64 [n, r] */
export function onAxes(rows: Rows, { axes, centre, scale, energies }: PrincipalAxes): Rows {
  const x = scaled(rows, centre, scale);
  const rank = energies.length;
  const values = times({ x, n: rows.count, p: rows.width }, axes, rank);
  return { values, count: rows.count, width: rank };
}

function asTheyAre(p: number) {
  return { centre: new Float64Array(p), scale: new Float64Array(p).fill(1) };
}

function moments({ values, count, width }: Rows) {
  const centre = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let at = 0; at < values.length; at++) {
    centre[at % width] = (centre[at % width] as number) + (values[at] as number) / count;
  }
  for (let at = 0; at < values.length; at++) {
    const column = at % width;
    const away = (values[at] as number) - (centre[column] as number);
    scale[column] = (scale[column] as number) + away ** 2 / count;
  }
  // A constant column scatters by rounding only, which must not be blown up.
  const spreads = scale.map((variance, column) => {
    const spread = Math.sqrt(variance);
    return spread > 1e-10 * Math.abs(centre[column] as number) ? spread : 1;
  });
  return { centre, scale: spreads };
}

function scaled({ values, width }: Rows, centre: Float64Array, scale: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let at = 0; at < out.length; at++) {
    const column = at % width;
    out[at] = ((values[at] as number) - (centre[column] as number)) / (scale[column] as number);
  }
  return out;
}

// X X^T.
function outer(x: Float64Array, n: number, p: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * p, i * p + p);
    for (let j = 0; j <= i; j++) {
      out[i * n + j] = out[j * n + i] = dot(row, x.subarray(j * p, j * p + p));
    }
  }
  return out;
}

// X^T X, row by row of X.
function inner(x: Float64Array, n: number, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let at = 0; at < n; at++) {
    const row = x.subarray(at * p, at * p + p);
    for (let i = 0; i < p; i++) {
      const factor = row[i] as number;
      const into = out.subarray(i * p, i * p + i + 1);
      for (let j = 0; j <= i; j++) into[j] = (into[j] as number) + factor * (row[j] as number);
    }
  }
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) out[j * p + i] = out[i * p + j] as number;
  }
  return out;
}

interface Matrix {
  readonly x: Float64Array;
  readonly n: number;
  readonly p: number;
}

// From left singular vectors U (rows of `vectors`): S = U sqrt(energy), V = X^T U / sqrt(energy).
function fromLeft({ x, n, p }: Matrix, vectors: Float64Array, energies: Float64Array) {
  const rank = energies.length;
  const scores = new Float64Array(n * rank);
  const axes = new Float64Array(rank * p);
  for (let axis = 0; axis < rank; axis++) {
    const length = Math.sqrt(energies[axis] as number);
    const into = axes.subarray(axis * p, axis * p + p);
    for (let row = 0; row < n; row++) {
      const part = vectors[axis * n + row] as number;
      scores[row * rank + axis] = part * length;
      const from = x.subarray(row * p, row * p + p);
      const factor = part / length;
      for (let k = 0; k < p; k++) into[k] = (into[k] as number) + factor * (from[k] as number);
    }
  }
  return { scores, axes };
}

// X V^T for axes in rows.
function times({ x, n, p }: Matrix, axes: Float64Array, rank: number): Float64Array {
  const out = new Float64Array(n * rank);
  for (let row = 0; row < n; row++) {
    const from = x.subarray(row * p, row * p + p);
    for (let axis = 0; axis < rank; axis++) {
      out[row * rank + axis] = dot(from, axes.subarray(axis * p, axis * p + p));
    }
  }
  return out;
}
