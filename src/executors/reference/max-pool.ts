// Max pooling and its backward op. `winners` holds the index of each window's winner inside its
// plane, h * W + w.

import type { Window } from '../../tensor/window.js';
import { axes4, integers, type Kernel, reals } from './kernel.js';

/** Rows (axis 0) or columns (axis 1) that the window at an output position reads, ascending. */
export function windowCells(
  axis: 0 | 1,
  position: number,
  size: number,
  window: Omit<Window, 'rounding'>,
): readonly number[] {
  const { kernel, stride, pads, dilation } = window;
  const start = position * stride[axis] - pads[axis];
  const taps = Array.from({ length: kernel[axis] }, (_, tap) => start + tap * dilation[axis]);
  return taps.filter((cell) => cell >= 0 && cell < size);
}

/** Index of the largest value of `x` in rows x columns of a plane `w` wide; the first of equals. */
function winnerOf(
  x: Float64Array,
  w: number,
  rows: readonly number[],
  columns: readonly number[],
): number {
  let winner = (rows[0] as number) * w + (columns[0] as number);
  for (const row of rows) {
    for (const column of columns) {
      const at = row * w + column;
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
  const rows = Array.from({ length: oh }, (_, p) => windowCells(0, p, h, params));
  const columns = Array.from({ length: ow }, (_, q) => windowCells(1, q, w, params));
  for (let plane = 0; plane < n * c; plane++) {
    const image = x.subarray(plane * h * w, (plane + 1) * h * w);
    for (let p = 0; p < oh; p++) {
      for (let q = 0; q < ow; q++) {
        const out = (plane * oh + p) * ow + q;
        const winner = winnerOf(image, w, rows[p] as number[], columns[q] as readonly number[]);
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
