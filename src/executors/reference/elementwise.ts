// Element-wise sum and product, and the random mask of dropout.
import { fillUint32 } from '../../base/random-stream.js';
import { type Kernel, reals } from './kernel.js';
import { scalar } from '../executor.js';

/** See src/program/ops/elementwise.ts. */
export const add: Kernel<'add'> = ({ inputs, outputs }) => {
  const [a, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  for (let at = 0; at < y.length; at++) y[at] = (a[at] as number) + (b[at] as number);
};

/** See src/program/ops/elementwise.ts. */
export const multiply: Kernel<'multiply'> = ({ inputs, outputs }) => {
  const [a, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  for (let at = 0; at < y.length; at++) y[at] = (a[at] as number) * (b[at] as number);
};

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
