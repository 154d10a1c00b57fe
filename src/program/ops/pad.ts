// Constant padding.
import type { TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

/** y = x with `pads[axis]` times `value` before and `pads[rank + axis]` times after it on each
 *  axis; x f32 [...] -> y f32 [...]. */
export const pad: OpRule<'pad'> = {
  shape: ({ pads, value }, inputs) => {
    expectInputs('pad', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    const { shape } = inputs[0] as TensorType;
    requireParam(
      'pad',
      pads.length === 2 * shape.length && pads.every((each) => Number.isInteger(each) && each >= 0),
      `pads are [${pads.join()}], wanted ${2 * shape.length} integers of at least 0`,
    );
    requireParam('pad', Number.isFinite(value), `value is ${value}, wanted a finite number`);
    const rank = shape.length;
    const sizes = shape.map(
      (size, axis) => size + (pads[axis] as number) + (pads[rank + axis] as number),
    );
    return [{ dtype: 'f32', shape: sizes }];
  },
  gradient: (emitter, { params: { pads }, inputs, outputGradients }) => {
    const { shape } = emitter.typeOf(inputs[0] as number);
    const starts = pads.slice(0, shape.length);
    const ends = shape.map((size, axis) => size + (starts[axis] as number));
    const steps = shape.map(() => 1);
    return emitter.emit('slice', { starts, ends, steps }, [outputGradients[0] as number]);
  },
};
