// Average pooling and its backward op.
import type { OpParams } from '../../program/ops/params.js';
import type { HostTensor } from '../../tensor/tensor.js';
import { axes4, type Kernel, reals } from './kernel.js';
import { windowCells } from './max-pool.js';

/** Calls `visit(out, cell, share)` for each output and each cell of x inside its window; share is 1
 *  divided by what the window counts. */
function forEachShare(
  params: OpParams<'average_pool'>,
  x: readonly HostTensor[],
  y: readonly HostTensor[],
  visit: (out: number, cell: number, share: number) => void,
): void {
  const [n, c, h, w] = axes4(x, 0);
  const [, , oh, ow] = axes4(y, 0);
  const { pads, includePad } = params;
  // Cells that count, of the window at a position: in the image, or in the image and its pads.
  const counted = (axis: 0 | 1, position: number, size: number): number => {
    if (!includePad) return windowCells(axis, position, size, params).length;
    const [start, end] = [pads[axis], pads[axis + 2] as number];
    const padded = { ...params, pads: [0, 0, 0, 0] } as const;
    return windowCells(axis, position, start + size + end, padded).length;
  };
  for (let out = 0; out < n * c * oh * ow; out++) {
    const [plane, p, q] = [Math.floor(out / (oh * ow)), Math.floor(out / ow) % oh, out % ow];
    const share = 1 / (counted(0, p, h) * counted(1, q, w));
    for (const row of windowCells(0, p, h, params)) {
      for (const column of windowCells(1, q, w, params)) {
        visit(out, (plane * h + row) * w + column, share);
      }
    }
  }
}

/** See src/program/ops/average-pool.ts. */
export const averagePool: Kernel<'average_pool'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  forEachShare(params, inputs, outputs, (out, cell, share) => {
    y[out] = (y[out] as number) + (x[cell] as number) * share;
  });
};

/** See src/program/ops/average-pool.ts. */
export const averagePoolBackward: Kernel<'average_pool_backward'> = (call) => {
  const { params, inputs, outputs } = call;
  const [dy, dx] = [reals(inputs, 0), reals(outputs, 0)];
  forEachShare(params, outputs, inputs, (out, cell, share) => {
    dx[cell] = (dx[cell] as number) + (dy[out] as number) * share;
  });
};
