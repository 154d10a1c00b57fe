// Element-wise sums and products of two tensors of one shape, and the random mask of dropout.
import { type OpRule, requireParam, expectSameTypes } from './rule.js';

/** y = a + b; f32 [...] each. */
export const add: OpRule<'add'> = {
  shape: (_, inputs) => expectSameTypes('add', inputs, 2),
  gradient: (_, { outputGradients }) => [outputGradients[0] ?? null, outputGradients[0] ?? null],
};

/** y = a * b element by element; f32 [...] each. */
export const multiply: OpRule<'multiply'> = {
  shape: (_, inputs) => expectSameTypes('multiply', inputs, 2),
  gradient: (emitter, { inputs, outputGradients, wanted }) => {
    const dy = outputGradients[0] as number;
    const [a, b] = inputs as [number, number];
    return [
      wanted[0] ? (emitter.emit('multiply', {}, [dy, b])[0] as number) : null,
      wanted[1] ? (emitter.emit('multiply', {}, [dy, a])[0] as number) : null,
    ];
  },
};

/** Element i is 0 if word i of stream `key`, page = iteration, is below ratio * 2^32, else 1 / (1 -
 *  ratio). -> f32 `shape`. The words are those of `fillUint32` (base/random-stream.ts). */
export const dropoutMask: OpRule<'dropout_mask'> = {
  shape: ({ shape, ratio }) => {
    requireParam(
      'dropout_mask',
      ratio >= 0 && ratio < 1,
      `ratio is ${ratio}, wanted 0 <= ratio < 1`,
    );
    return [{ dtype: 'f32', shape }];
  },
  scalars: ['iteration'],
  gradient: () => [],
};
