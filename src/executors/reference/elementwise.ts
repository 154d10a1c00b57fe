// Element-wise sum and product, and the random mask of dropout.
import { fillUint32 } from '../../base/random-stream.js';
import type { HostTensor } from '../../tensor/tensor.js';
import { scalar } from '../executor.js';
import { broadcastStrides, eachElement } from './elements.js';
import { type Kernel, reals } from './kernel.js';

// y = f(a, b), either operand repeated along axes where its size is 1.
function combine(
  inputs: readonly HostTensor[],
  outputs: readonly HostTensor[],
  f: (a: number, b: number) => number,
): void {
  const [a, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  if (a.length === y.length && b.length === y.length) {
    for (let at = 0; at < y.length; at++) y[at] = f(a[at] as number, b[at] as number);
    return;
  }
  const [left, right] = inputs as [HostTensor, HostTensor];
  const { shape } = outputs[0] as HostTensor;
  eachElement(shape, broadcastStrides(left.shape, shape), 0, (at, there) => {
    y[at] = a[there] as number;
  });
  eachElement(shape, broadcastStrides(right.shape, shape), 0, (at, there) => {
    y[at] = f(y[at] as number, b[there] as number);
  });
}

/** See src/program/ops/elementwise.ts. */
export const add: Kernel<'add'> = ({ inputs, outputs }) =>
  combine(inputs, outputs, (a, b) => a + b);

/** See src/program/ops/elementwise.ts. */
export const multiply: Kernel<'multiply'> = ({ inputs, outputs }) =>
  combine(inputs, outputs, (a, b) => a * b);

/** See src/program/ops/elementwise.ts. */
export const dropoutMask: Kernel<'dropout_mask'> = ({ params, outputs, scalars }) => {
  const mask = reals(outputs, 0);
  const words = new Uint32Array(mask.length);
  fillUint32(words, params.key, scalar(scalars, 'iteration'));
  const threshold = params.ratio * 2 ** 32;
  for (let at = 0; at < mask.length; at++) {
    mask[at] = (words[at] as number) < threshold ? 0 : 1 / (1 - params.ratio);
  }
};
