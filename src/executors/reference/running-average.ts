// Exponential running average of a statistic.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/running-average.ts. */
export const runningAverage: Kernel<'running_average'> = ({ params, inputs, outputs }) => {
  const { momentum, factor } = params;
  const [old, found, next] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  for (let at = 0; at < next.length; at++) {
    next[at] = (1 - momentum) * (old[at] as number) + momentum * factor * (found[at] as number);
  }
};
