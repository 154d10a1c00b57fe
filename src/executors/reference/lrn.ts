// Local response normalisation across channels and its backward op.
import { axes4, type Kernel, reals } from './kernel.js';

/** Adds, to each element of `sums` [N,C,H,W], the sum of `terms` over the `size` channels centred
 *  on its own (zeros outside). */
function addChannelWindows(
  terms: Float64Array,
  sums: Float64Array,
  [n, c, h, w]: readonly [number, number, number, number],
  size: number,
): void {
  const plane = h * w;
  const reach = (size - 1) / 2;
  for (let image = 0; image < n; image++) {
    for (let channel = 0; channel < c; channel++) {
      const to = (image * c + channel) * plane;
      for (
        let other = Math.max(0, channel - reach);
        other <= Math.min(c - 1, channel + reach);
        other++
      ) {
        const from = (image * c + other) * plane;
        for (let at = 0; at < plane; at++) {
          sums[to + at] = (sums[to + at] as number) + (terms[from + at] as number);
        }
      }
    }
  }
}

/** See src/program/ops/lrn.ts. */
export const lrn: Kernel<'lrn'> = ({ params: { size, alpha, beta, k }, inputs, outputs }) => {
  const [x, y, s] = [reals(inputs, 0), reals(outputs, 0), reals(outputs, 1)];
  const squares = x.map((value) => value * value);
  addChannelWindows(squares, s, axes4(inputs, 0), size);
  for (let at = 0; at < x.length; at++) {
    const scale = k + (alpha / size) * (s[at] as number);
    s[at] = scale;
    y[at] = (x[at] as number) * Math.pow(scale, -beta);
  }
};

/** See src/program/ops/lrn.ts. */
export const lrnBackward: Kernel<'lrn_backward'> = ({ params, inputs, outputs }) => {
  const { size, alpha, beta } = params;
  const [x, dy, s] = [reals(inputs, 0), reals(inputs, 1), reals(inputs, 2)];
  const dx = reals(outputs, 0);
  const terms = x.map(
    (value, at) => (dy[at] as number) * value * Math.pow(s[at] as number, -beta - 1),
  );
  addChannelWindows(terms, dx, axes4(inputs, 0), size);
  for (let at = 0; at < x.length; at++) {
    const direct = (dy[at] as number) * Math.pow(s[at] as number, -beta);
    const across = ((2 * alpha * beta) / size) * (x[at] as number) * (dx[at] as number);
    dx[at] = direct - across;
  }
};
