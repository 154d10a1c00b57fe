// Softmax over the last axis, and its backward op.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/softmax.ts. */
export const softmax: Kernel<'softmax'> = ({ inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const size = inputs[0]?.shape.at(-1) as number;
  for (let from = 0; from < x.length; from += size) {
    const scores = x.subarray(from, from + size);
    const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = scores.reduce((partial, score) => partial + Math.exp(score - largest), 0);
    y.set(
      scores.map((score) => Math.exp(score - largest) / sum),
      from,
    );
  }
};

/** See src/program/ops/softmax.ts. */
export const softmaxBackward: Kernel<'softmax_backward'> = ({ inputs, outputs }) => {
  const [dy, y, dx] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const size = inputs[0]?.shape.at(-1) as number;
  for (let from = 0; from < y.length; from += size) {
    let mean = 0;
    for (let at = from; at < from + size; at++) mean += (dy[at] as number) * (y[at] as number);
    for (let at = from; at < from + size; at++) {
      dx[at] = (y[at] as number) * ((dy[at] as number) - mean);
    }
  }
};
