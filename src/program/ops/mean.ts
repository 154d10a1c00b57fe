// Mean over neighbouring axes (global average pooling is the mean over height and width), and its
// backward op.
import { ShapeError } from '../../base/errors.js';
import { formatType, type Shape, type TensorType } from '../../tensor/tensor.js';
import type { MeanParams, OpName } from './params.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

function meanType(op: OpName, { axes, keepDims }: MeanParams, shape: Shape): TensorType {
  requireParam(
    op,
    axes.length > 0 &&
      axes.every((axis, i) => Number.isInteger(axis) && axis === (axes[0] as number) + i) &&
      (axes[0] as number) >= 1 &&
      (axes.at(-1) as number) < shape.length,
    `axes are ${axes.join(', ')}, wanted neighbours, ascending, of 1..${shape.length - 1}`,
  );
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return { dtype: 'f32', shape: keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis)) };
}

/** y = mean of x over `axes`, which are neighbours and not the first; they stay with size 1 if
 *  `keepDims`, else go. x f32 [N,...] -> y f32 [N,...]. */
export const mean: OpRule<'mean'> = {
  shape: (params, inputs) => {
    expectInputs('mean', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    return [meanType('mean', params, (inputs[0] as TensorType).shape)];
  },
  gradient: (emitter, { params, inputs, outputGradients }) =>
    emitter.emit(
      'mean_backward',
      { ...params, xShape: emitter.typeOf(inputs[0] as number).shape },
      [outputGradients[0] as number],
    ),
};

/** dx = dy / number of elements of `axes`, repeated along them; dy f32 as {@link mean} gives -> dx
 *  f32 `xShape`. */
export const meanBackward: OpRule<'mean_backward'> = {
  shape: (params, inputs) => {
    expectInputs('mean_backward', inputs, [{ name: 'dy', dtype: 'f32', rank: null }]);
    const wanted = formatType(meanType('mean_backward', params, params.xShape));
    const found = formatType(inputs[0] as TensorType);
    if (wanted !== found) {
      throw new ShapeError(`mean_backward: dy is ${found}, the output is ${wanted}`);
    }
    return [{ dtype: 'f32', shape: params.xShape }];
  },
  gradient: null,
};
