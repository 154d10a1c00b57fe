// Mean over neighbouring axes, and its backward op.
import { elementCount, type Shape } from '../../tensor/tensor.js';
import { type Kernel, reals } from './kernel.js';

/** Calls `visit(at, to, count)` for each element of x, the element of y it goes to, and how many go
 *  there. */
function forEachTerm(
  shape: Shape,
  axes: readonly number[],
  visit: (at: number, to: number, count: number) => void,
): void {
  const count = elementCount(axes.map((axis) => shape[axis] as number));
  const inner = elementCount(shape.slice((axes.at(-1) as number) + 1));
  const total = elementCount(shape);
  for (let at = 0; at < total; at++) {
    visit(at, Math.floor(at / (inner * count)) * inner + (at % inner), count);
  }
}

/** See src/program/ops/mean.ts. */
export const mean: Kernel<'mean'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  forEachTerm(inputs[0]?.shape as Shape, params.axes, (at, to, count) => {
    y[to] = (y[to] as number) + (x[at] as number) / count;
  });
};

/** See src/program/ops/mean.ts. */
export const meanBackward: Kernel<'mean_backward'> = ({ params, inputs, outputs }) => {
  const [dy, dx] = [reals(inputs, 0), reals(outputs, 0)];
  forEachTerm(params.xShape, params.axes, (at, to, count) => {
    dx[at] = (dy[to] as number) / count;
  });
};
