// Sums over axes and repetition along them.
import type { Shape } from '../../tensor/tensor.js';
import { broadcastStrides, eachElement } from './elements.js';
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/broadcast.ts. */
export const sumTo: Kernel<'sum_to'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const shape = inputs[0]?.shape as Shape;
  eachElement(shape, broadcastStrides(params.shape, shape), 0, (at, there) => {
    y[there] = (y[there] as number) + (x[at] as number);
  });
};

/** See src/program/ops/broadcast.ts. */
export const broadcastTo: Kernel<'broadcast_to'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const strides = broadcastStrides(inputs[0]?.shape as Shape, params.shape);
  eachElement(params.shape, strides, 0, (at, there) => {
    y[at] = x[there] as number;
  });
};
