// The same elements in another shape or order.
import { ShapeError } from '../../base/errors.js';
import { elementCount, formatType, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

/** y = x in row-major order under another shape of as many elements; x f32 [...] -> y f32
 *  `shape`. */
export const reshape: OpRule<'reshape'> = {
  shape: ({ shape }, inputs) => {
    expectInputs('reshape', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    const [x] = inputs as [TensorType];
    if (elementCount(shape) !== elementCount(x.shape)) {
      throw new ShapeError(
        `reshape: ${formatType(x)} has ${elementCount(x.shape)} elements, [${shape.join(',')}] ${elementCount(shape)}`,
      );
    }
    return [{ dtype: 'f32', shape }];
  },
  gradient: (emitter, { inputs, outputGradients }) => {
    const { shape } = emitter.typeOf(inputs[0] as number);
    return emitter.emit('reshape', { shape }, [outputGradients[0] as number]);
  },
};

/** y's axis i is x's axis `axes[i]`; x f32 [...] -> y f32 [...]. */
export const transpose: OpRule<'transpose'> = {
  shape: ({ axes }, inputs) => {
    expectInputs('transpose', inputs, [{ name: 'x', dtype: 'f32', rank: null }]);
    const { shape } = inputs[0] as TensorType;
    requireParam(
      'transpose',
      axes.length === shape.length && shape.every((_, axis) => axes.includes(axis)),
      `axes are [${axes.join()}], wanted each of 0 to ${shape.length - 1} once`,
    );
    return [{ dtype: 'f32', shape: axes.map((axis) => shape[axis] as number) }];
  },
  gradient: (emitter, { params: { axes }, outputGradients }) => {
    const back = axes.map((_, axis) => axes.indexOf(axis));
    return emitter.emit('transpose', { axes: back }, [outputGradients[0] as number]);
  },
};
