// Max pooling and its backward op.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { pooledSize, type Window } from '../../tensor/window.js';
import { expectInputs, nchw, type OpRule, requireParam } from './rule.js';

function outputType(params: Window, x: TensorType): TensorType {
  const [n, c, h, w] = nchw(x.shape);
  requireParam('max_pool', params.kernel >= 1 && params.stride >= 1, 'kernel or stride < 1');
  requireParam(
    'max_pool',
    params.pad >= 0 && params.pad < params.kernel,
    'pad outside [0, kernel)',
  );
  if (h + 2 * params.pad < params.kernel || w + 2 * params.pad < params.kernel) {
    throw new ShapeError(
      `max_pool: input ${formatType(x)} is smaller than the ${params.kernel}x${params.kernel} window`,
    );
  }
  return { dtype: 'f32', shape: [n, c, pooledSize(h, params), pooledSize(w, params)] };
}

/** y = maximum over each window (cells outside the image are ignored); ties go to the first cell in
 *  row-major order. x f32 [N,C,H,W] -> y f32 [N,C,OH,OW], winners i32 [N,C,OH,OW] (opaque: only the
 *  same executor's max_pool_backward reads them). */
export const maxPool: OpRule<'max_pool'> = {
  shape: (params, inputs) => {
    expectInputs('max_pool', inputs, [{ name: 'x', dtype: 'f32', rank: 4 }]);
    const y = outputType(params, inputs[0] as TensorType);
    return [y, { dtype: 'i32', shape: y.shape }];
  },
  opaque: [1],
  gradient: (emitter, { params, inputs, outputs, outputGradients }) =>
    emitter.emit(
      'max_pool_backward',
      { ...params, xShape: emitter.typeOf(inputs[0] as number).shape },
      [outputGradients[0] as number, outputs[1] as number],
    ),
};

/** dx = dy added to each window's winner; dy f32 [N,C,OH,OW], winners i32 [N,C,OH,OW] -> dx f32
 *  `xShape`. */
export const maxPoolBackward: OpRule<'max_pool_backward'> = {
  shape: (params, inputs) => {
    expectInputs('max_pool_backward', inputs, [
      { name: 'dy', dtype: 'f32', rank: 4 },
      { name: 'winners', dtype: 'i32', rank: 4 },
    ]);
    const x: TensorType = { dtype: 'f32', shape: params.xShape };
    const y = outputType(params, x);
    if (formatType(y) !== formatType(inputs[0] as TensorType)) {
      throw new ShapeError(
        `max_pool_backward: dy is ${formatType(inputs[0] as TensorType)}, the output is ${formatType(y)}`,
      );
    }
    return [x];
  },
  gradient: null,
};
