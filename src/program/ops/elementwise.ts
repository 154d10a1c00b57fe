// Element-wise sums and products of two tensors, broadcast, and the random mask of dropout.
import { expectBroadcast, summedTo } from './broadcast.js';
import { type OpRule, requireParam } from './rule.js';

/** y = a + b; f32 [...] each, of equal rank; an axis of size 1 is repeated to the other's size. */
export const add: OpRule<'add'> = {
  shape: (_, inputs) => expectBroadcast('add', inputs),
  gradient: (emitter, { inputs, outputGradients, wanted }) =>
    inputs.map((input, at) =>
      wanted[at] ? summedTo(emitter, outputGradients[0] as number, input) : null,
    ),
};

/** y = a * b element by element; f32 [...] each, broadcast as by {@link add}. */
export const multiply: OpRule<'multiply'> = {
  shape: (_, inputs) => expectBroadcast('multiply', inputs),
  gradient: (emitter, { inputs, outputGradients, wanted }) => {
    const dy = outputGradients[0] as number;
    const [a, b] = inputs as [number, number];
    return [
      wanted[0] ? summedTo(emitter, emitter.apply('multiply', {}, [dy, b]), a) : null,
      wanted[1] ? summedTo(emitter, emitter.apply('multiply', {}, [dy, a]), b) : null,
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
  scalars: () => ['iteration'],
  gradient: () => [],
};
