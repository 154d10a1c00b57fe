// Max pooling and its backward op.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { positionsOf, spanOf, type Window } from '../../tensor/window.js';
import type { OpName } from './params.js';
import { expectInputs, nchw, type OpRule, requireParam, requireSliding } from './rule.js';

/** What pooling with a window makes of x f32 [N,C,H,W]: f32 [N,C,OH,OW].
 *  @throws ShapeError, OpParamError */
export function pooledType(op: OpName, params: Window, x: TensorType): TensorType {
  const [n, c, h, w] = nchw(x.shape);
  const { kernel, pads } = params;
  requireSliding(op, params);
  requireParam(
    op,
    kernel.every((size) => Number.isInteger(size) && size >= 1),
    `kernel is ${kernel.join('x')}, wanted integers of at least 1`,
  );
  // A window that lies in the padding alone would have no cell at all.
  const span = spanOf(params);
  requireParam(
    op,
    pads.every((pad, side) => pad < (span[side % 2] as number)),
    `pads are ${pads.join(', ')}, wanted less than the window of ${span.join('x')}`,
  );
  const [oh, ow] = positionsOf(params, [h, w]);
  if (oh < 1 || ow < 1) {
    throw new ShapeError(
      `${op}: the ${kernel.join('x')} window is larger than its input of ${h}x${w}, pads ${pads.join(', ')}`,
    );
  }
  return { dtype: 'f32', shape: [n, c, oh, ow] };
}

/** y = maximum over each window (cells outside the image are ignored); ties go to the first cell in
 *  row-major order. x f32 [N,C,H,W] -> y f32 [N,C,OH,OW], winners i32 [N,C,OH,OW] (opaque: only the
 *  same executor's max_pool_backward reads them). */
export const maxPool: OpRule<'max_pool'> = {
  shape: (params, inputs) => {
    expectInputs('max_pool', inputs, [{ name: 'x', dtype: 'f32', rank: 4 }]);
    const y = pooledType('max_pool', params, inputs[0] as TensorType);
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
    const y = pooledType('max_pool', params, x);
    if (formatType(y) !== formatType(inputs[0] as TensorType)) {
      throw new ShapeError(
        `max_pool_backward: dy is ${formatType(inputs[0] as TensorType)}, the output is ${formatType(y)}`,
      );
    }
    return [x];
  },
  gradient: null,
};
