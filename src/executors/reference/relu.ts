// Rectifier and its backward op.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/relu.ts. NaN stays NaN, so that a diverged network shows in its loss. */
export const relu: Kernel<'relu'> = ({ inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  for (let at = 0; at < x.length; at++) y[at] = Math.max(x[at] as number, 0);
};

/** See src/program/ops/relu.ts. */
export const reluBackward: Kernel<'relu_backward'> = ({ inputs, outputs }) => {
  const [dy, y, dx] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  for (let at = 0; at < y.length; at++) dx[at] = (y[at] as number) > 0 ? (dy[at] as number) : 0;
};
