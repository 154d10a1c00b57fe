// Eigenvalues and eigenvectors of a symmetric matrix, in float64: by Householder reflections to a
// tridiagonal matrix, then by implicit QL steps.
import { dot } from './dot.js';

/** A = V diag(values) V^T. */
export interface SymmetricEigen {
  /** f64 [n], descending. */
  readonly values: Float64Array;
  /** f64 [n, n]: row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

/** Eigenvalues, descending, and unit eigenvectors of a symmetric matrix, about 9 n^3 operations.
 *  @param matrix f64 [n, n], symmetric; left as it is
 *  @source Martin, Reinsch & Wilkinson 1968, Numerische Mathematik 11:181 (tred2); Bowdler, Martin,
 *  Reinsch & Wilkinson 1968, Numerische Mathematik 11:293 (tql2). */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  // Row i of `rows` becomes, by the steps below, the i-th eigenvector.
  const rows = Float64Array.from(matrix);
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  tridiagonalise(rows, diagonal, beside, n);
  qlSteps(rows, diagonal, beside, n);
  const order = Array.from(diagonal.keys()).sort(
    (a, b) => (diagonal[b] as number) - (diagonal[a] as number),
  );
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(rows.subarray(from * n, from * n + n), to * n));
  return { values: Float64Array.from(order, (at) => diagonal[at] as number), vectors };
}

// Q^T A Q = T: T's diagonal, and T's (i, i - 1) in beside[i]; `a` becomes Q^T. Reflection i zeroes
// row i left of its neighbour: with u of its first i elements and h = u.u / 2,
// A' = A - u q^T - q u^T, q = p - (u.p / 2h) u, p = A u / h.
function tridiagonalise(a: Float64Array, diagonal: Float64Array, beside: Float64Array, n: number) {
  const halfNorms = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const u = a.subarray(i * n, i * n + i);
    let squares = 0;
    for (let k = 0; k < i - 1; k++) squares += (u[k] as number) ** 2;
    const neighbour = u[i - 1] as number;
    if (squares === 0) {
      beside[i] = neighbour;
      continue;
    }
    const length = Math.sqrt(squares + neighbour ** 2);
    const reflected = neighbour > 0 ? -length : length;
    beside[i] = reflected;
    const h = length ** 2 - neighbour * reflected;
    halfNorms[i] = h;
    u[i - 1] = neighbour - reflected;
    let along = 0;
    for (let j = 0; j < i; j++) {
      p[j] = dot(a.subarray(j * n, j * n + i), u) / h;
      along += (p[j] as number) * (u[j] as number);
    }
    const half = along / (2 * h);
    for (let j = 0; j < i; j++) p[j] = (p[j] as number) - half * (u[j] as number);
    for (let j = 0; j < i; j++) {
      const [pj, uj] = [p[j] as number, u[j] as number];
      const row = a.subarray(j * n, j * n + i);
      for (let k = 0; k < i; k++) {
        row[k] = (row[k] as number) - uj * (p[k] as number) - pj * (u[k] as number);
      }
    }
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i] as number;
  multiplyReflections(a, halfNorms, n);
}

// Q^T in place of the reflections' vectors, which row i holds in its first i elements.
function multiplyReflections(a: Float64Array, halfNorms: Float64Array, n: number): void {
  const u = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const h = halfNorms[i] as number;
    const row = a.subarray(i * n, i * n + n);
    u.set(row);
    row.fill(0);
    row[i] = 1;
    for (let j = 0; j < i; j++) {
      const other = a.subarray(j * n, j * n + n);
      other[i] = 0;
      if (h === 0) continue;
      let along = 0;
      for (let k = 0; k < i; k++) along += (other[k] as number) * (u[k] as number);
      const factor = along / h;
      for (let k = 0; k < i; k++) other[k] = (other[k] as number) - factor * (u[k] as number);
    }
  }
}

// Implicit QL with Wilkinson's shift; each rotation mixes two rows of `z`.
function qlSteps(z: Float64Array, d: Float64Array, beside: Float64Array, n: number): void {
  const e = new Float64Array(n);
  e.set(beside.subarray(1));
  for (let low = 0; low < n; low++) {
    for (;;) {
      let high = low;
      while (high < n - 1 && !isNegligible(e[high] as number, d, high)) high++;
      if (high === low) break;
      qlStep(z, { d, e, low, high, n });
    }
  }
}

function isNegligible(value: number, d: Float64Array, at: number): boolean {
  const around = Math.abs(d[at] as number) + Math.abs(d[at + 1] as number);
  return Math.abs(value) <= Number.EPSILON * around || Math.abs(value) < Number.MIN_VALUE / 1e-16;
}

interface QlStep {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

function qlStep(z: Float64Array, { d, e, low, high, n }: QlStep): void {
  const slope = ((d[low + 1] as number) - (d[low] as number)) / (2 * (e[low] as number));
  const root = Math.hypot(slope, 1);
  let g = (d[high] as number) - (d[low] as number);
  g += (e[low] as number) / (slope + (slope < 0 ? -root : root));
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (e[i] as number);
    const b = cosine * (e[i] as number);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p;
      e[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = (d[i + 1] as number) - p;
    const mixed = ((d[i] as number) - g) * sine + 2 * cosine * b;
    p = sine * mixed;
    d[i + 1] = g + p;
    g = cosine * mixed - b;
    rotate(z.subarray(i * n, i * n + n), z.subarray((i + 1) * n, (i + 2) * n), sine, cosine);
  }
  d[low] = (d[low] as number) - p;
  e[low] = g;
  e[high] = 0;
}

function rotate(lower: Float64Array, upper: Float64Array, sine: number, cosine: number): void {
  for (let k = 0; k < lower.length; k++) {
    const [low, up] = [lower[k] as number, upper[k] as number];
    upper[k] = sine * low + cosine * up;
    lower[k] = cosine * low - sine * up;
  }
}
