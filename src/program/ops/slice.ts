// Regular parts of a tensor, and the backward op that puts them back.
import { ShapeError } from '../../base/errors.js';
import { formatType, sameShape, type Shape, type TensorType } from '../../tensor/tensor.js';
import type { SliceParams } from './params.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

function partShape(x: Shape, { starts, ends, steps }: SliceParams): Shape {
  requireParam(
    'slice',
    [starts, ends, steps].every((each) => each.length === x.length && each.every(Number.isInteger)),
    `starts [${starts.join()}], ends [${ends.join()}] and steps [${steps.join()}] are for [${x.join()}], wanted an integer an axis`,
  );
  return x.map((size, axis) => {
    const [start, end, step] = [starts[axis], ends[axis], steps[axis]] as [number, number, number];
    requireParam(
      'slice',
      start >= 0 && start < end && end <= size && step >= 1,
      `${start} to ${end} by ${step} of axis ${axis}, wanted a part of its ${size} elements`,
    );
    return Math.ceil((end - start) / step);
  });
}

/** y = on each axis, elements start, start + step, ... below end; x f32 [...] -> y f32 [...]. */
export const slice: OpRule<'slice'> = {
  shape: (params, inputs) => {
    expectInputs('slice', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    return [{ dtype: 'f32', shape: partShape((inputs[0] as TensorType).shape, params) }];
  },
  gradient: (emitter, { params, inputs, outputGradients }) => {
    const xShape = emitter.typeOf(inputs[0] as number).shape;
    return emitter.emit('slice_backward', { ...params, xShape }, [outputGradients[0] as number]);
  },
};

/** dx = dy where the slice took its elements, else 0; dy f32 [...] -> dx f32 `xShape`. */
export const sliceBackward: OpRule<'slice_backward'> = {
  shape: (params, inputs) => {
    expectInputs('slice_backward', inputs, [{ name: 'dy', dtype: 'f32', rank: null }]);
    const [dy] = inputs as [TensorType];
    const y = { dtype: 'f32', shape: partShape(params.xShape, params) } as const;
    if (!sameShape(dy.shape, y.shape)) {
      throw new ShapeError(
        `slice_backward: dy is ${formatType(dy)}, the output is ${formatType(y)}`,
      );
    }
    return [{ dtype: 'f32', shape: params.xShape }];
  },
  gradient: null,
};
