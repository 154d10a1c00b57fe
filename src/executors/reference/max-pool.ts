// Max pooling and its backward op. `winners` holds the index of each window's winner inside its plane, h * W + w.
import { axes4, integers, type Kernel, reals } from './kernel.js';

/** See src/program/ops/max-pool.ts. */
export const maxPool: Kernel<'max_pool'> = ({ params, inputs, outputs }) => {
  const [x, y, winners] = [reals(inputs, 0), reals(outputs, 0), integers(outputs, 1)];
  const [n, c, h, w] = axes4(inputs, 0);
  const [, , oh, ow] = axes4(outputs, 0);
  const { kernel, stride, pad } = params;
  let out = 0;
  for (let plane = 0; plane < n * c; plane++) {
    for (let p = 0; p < oh; p++) {
      for (let q = 0; q < ow; q++) {
        let winner = -1;
        let best = -Infinity;
        for (
          let row = Math.max(0, p * stride - pad);
          row < Math.min(h, p * stride - pad + kernel);
          row++
        ) {
          for (
            let column = Math.max(0, q * stride - pad);
            column < Math.min(w, q * stride - pad + kernel);
            column++
          ) {
            const value = x[(plane * h + row) * w + column] as number;
            if (winner < 0 || value > best) {
              winner = row * w + column;
              best = value;
            }
          }
        }
        y[out] = best;
        winners[out++] = winner;
      }
    }
  }
};

/** See src/program/ops/max-pool.ts. */
export const maxPoolBackward: Kernel<'max_pool_backward'> = ({ inputs, outputs }) => {
  const [dy, winners, dx] = [reals(inputs, 0), integers(inputs, 1), reals(outputs, 0)];
  const [, , h, w] = axes4(outputs, 0);
  const [, , oh, ow] = axes4(inputs, 0);
  for (let out = 0; out < dy.length; out++) {
    const at = Math.floor(out / (oh * ow)) * h * w + (winners[out] as number);
    dx[at] = (dx[at] as number) + (dy[out] as number);
  }
};
