// Average pooling and its backward op.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { pooledType } from './max-pool.js';
import { expectInputs, type OpRule } from './rule.js';

/** y = sum over each window's cells inside the image, divided by their number or, with
 *  `includePad`, by the number of cells inside the image and its pads: cells of a window that hangs
 *  over beyond them (rounding 'ceil') never count. x f32 [N,C,H,W] -> y f32 [N,C,OH,OW].
 *  @source ONNX AveragePool (count_include_pad), as PyTorch and Caffe count */
export const averagePool: OpRule<'average_pool'> = {
  shape: (params, inputs) => {
    expectInputs('average_pool', inputs, [{ name: 'x', dtype: 'f32', rank: 4 }]);
    return [pooledType('average_pool', params, inputs[0] as TensorType)];
  },
  gradient: (emitter, { params, inputs, outputGradients }) =>
    emitter.emit(
      'average_pool_backward',
      { ...params, xShape: emitter.typeOf(inputs[0] as number).shape },
      [outputGradients[0] as number],
    ),
};

/** dx = dy, divided as {@link averagePool} does, added to every cell of its window that lies inside
 *  the image; dy f32 [N,C,OH,OW] -> dx f32 `xShape`. */
export const averagePoolBackward: OpRule<'average_pool_backward'> = {
  shape: (params, inputs) => {
    expectInputs('average_pool_backward', inputs, [{ name: 'dy', dtype: 'f32', rank: 4 }]);
    const x: TensorType = { dtype: 'f32', shape: params.xShape };
    const [wanted, found] = [pooledType('average_pool_backward', params, x), inputs[0]].map(
      (type) => formatType(type as TensorType),
    );
    if (wanted !== found) {
      throw new ShapeError(`average_pool_backward: dy is ${found}, the output is ${wanted}`);
    }
    return [x];
  },
  gradient: null,
};
