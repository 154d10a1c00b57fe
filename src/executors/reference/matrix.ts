// Float64 matrix product and transpose; row-major. Convolutions and inner products are both made of
// them.

/** out[i,j] += sum_t a[i,t] b[j,t]; a f64 [m,depth], b f64 [n,depth], out f64 [m,n]. */
export function addProduct(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  depth: number,
): void {
  const m = a.length / depth;
  const n = b.length / depth;
  const [rows, columns] = [m - (m % 4), n - (n % 2)];
  for (let j = 0; j < columns; j += 2) {
    for (let i = 0; i < rows; i += 4) addBlock({ a, b, out, n, depth }, i, j);
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < rows ? columns : 0; j < n; j++) {
      out[i * n + j] = (out[i * n + j] as number) + dot(a, i * depth, b, j * depth, depth);
    }
  }
}

interface Product {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly out: Float64Array;
  readonly n: number;
  readonly depth: number;
}

// Four rows of a with two of b: six loads serve eight products, which makes the reference several
// times faster.
function addBlock({ a, b, out, n, depth }: Product, i: number, j: number): void {
  const a0 = i * depth;
  const a1 = a0 + depth;
  const a2 = a1 + depth;
  const a3 = a2 + depth;
  const b0 = j * depth;
  const b1 = b0 + depth;
  let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let t = 0; t < depth; t++) {
    const left = b[b0 + t] as number;
    const right = b[b1 + t] as number;
    const top = a[a0 + t] as number;
    s00 += top * left;
    s01 += top * right;
    const second = a[a1 + t] as number;
    s10 += second * left;
    s11 += second * right;
    const third = a[a2 + t] as number;
    s20 += third * left;
    s21 += third * right;
    const bottom = a[a3 + t] as number;
    s30 += bottom * left;
    s31 += bottom * right;
  }
  const sums = [s00, s01, s10, s11, s20, s21, s30, s31];
  for (let at = 0; at < 8; at++) {
    const to = (i + (at >> 1)) * n + j + (at & 1);
    out[to] = (out[to] as number) + (sums[at] as number);
  }
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, depth: number): number {
  let sum = 0;
  for (let t = 0; t < depth; t++) sum += (a[aAt + t] as number) * (b[bAt + t] as number);
  return sum;
}

/** The transpose of a f64 [rows, columns]. */
export function transpose(a: Float64Array, columns: number): Float64Array {
  const rows = a.length / columns;
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j] as number;
  }
  return out;
}
