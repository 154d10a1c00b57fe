// Exponential running average of a statistic.
import { expectSameTypes, type OpRule, requireParam } from './rule.js';

/** next = (1 - momentum) old + momentum * factor * new; old, new f32 [...] -> f32 [...].
 *  `momentum` is the share of the new value, as PyTorch counts. */
export const runningAverage: OpRule<'running_average'> = {
  shape: ({ momentum }, inputs) => {
    requireParam(
      'running_average',
      momentum >= 0 && momentum <= 1,
      `momentum is ${momentum}, wanted 0 <= momentum <= 1`,
    );
    return expectSameTypes('running_average', inputs, 2).slice(0, 1);
  },
  gradient: null,
};
