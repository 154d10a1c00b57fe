// The inner product of two vectors.

/** sum_i x_i y_i, in four partial sums: a processor adds them side by side.
 *  @param y as long as `x` */
export function dot(x: Float32Array | Float64Array, y: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = x.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    a += (x[at] as number) * (y[at] as number);
    b += (x[at + 1] as number) * (y[at + 1] as number);
    c += (x[at + 2] as number) * (y[at + 2] as number);
    d += (x[at + 3] as number) * (y[at + 3] as number);
  }
  for (let at = whole; at < x.length; at++) a += (x[at] as number) * (y[at] as number);
  return a + b + (c + d);
}
