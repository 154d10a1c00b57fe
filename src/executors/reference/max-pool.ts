// Max pooling and its backward op. `winners` holds the index of each window's winner inside its
// plane, h * W + w.

import type { Window } from '../../tensor/window.js';
import { axes4, integers, type Kernel, reals } from './kernel.js';

/** Cells [from, to) of a window that lie inside the image. */
function cells(position: number, size: number, { kernel, stride, pad }: Window): [number, number] {
  const start = position * stride - pad;
  return [Math.max(0, start), Math.min(size, start + kernel)];
}

/** Index of the largest value of `x` in rows x columns of a plane `w` wide; the first of equals. */
function winnerOf(
  x: Float64Array,
  w: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): number {
  let winner = top * w + left;
  for (let row = top; row < bottom; row++) {
    for (let at = row * w + left; at < row * w + right; at++) {
      if ((x[at] as number) > (x[winner] as number)) winner = at;
    }
  }
  return winner;
}

/** See src/program/ops/max-pool.ts. */
export const maxPool: Kernel<'max_pool'> = ({ params, inputs, outputs }) => {
  const [x, y, winners] = [reals(inputs, 0), reals(outputs, 0), integers(outputs, 1)];
  const [n, c, h, w] = axes4(inputs, 0);
  const [, , oh, ow] = axes4(outputs, 0);
  for (let plane = 0; plane < n * c; plane++) {
    const image = x.subarray(plane * h * w, (plane + 1) * h * w);
    for (let p = 0; p < oh; p++) {
      for (let q = 0; q < ow; q++) {
        const out = (plane * oh + p) * ow + q;
        const winner = winnerOf(image, w, cells(p, h, params), cells(q, w, params));
        y[out] = image[winner] as number;
        winners[out] = winner;
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
