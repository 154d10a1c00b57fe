// 2-D convolution (cross-correlation), its two backward ops, and their rules.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { positionsOf } from '../../tensor/window.js';
import type { ConvolutionParams } from './params.js';
import { expectInputs, nchw, type OpRule, requireParam, requireSliding } from './rule.js';
import { expectWeighted, weightsGradient, weightsGradientTypes } from './weighted.js';

const F32 = 'f32';

function outputType(p: ConvolutionParams, x: TensorType, w: TensorType): TensorType {
  const [n, c, h, width] = nchw(x.shape);
  const [o, i, kh, kw] = nchw(w.shape);
  requireSliding('convolution', p);
  requireParam('convolution', p.groups >= 1, `groups is ${p.groups}, wanted at least 1`);
  if (c !== i * p.groups || o % p.groups !== 0) {
    throw new ShapeError(
      `convolution: input ${formatType(x)} has ${c} channels, weights ${formatType(w)} with ${p.groups} groups take ${i * p.groups}`,
    );
  }
  const [oh, ow] = positionsOf({ ...p, kernel: [kh, kw], rounding: 'floor' }, [h, width]);
  if (oh < 1 || ow < 1) {
    throw new ShapeError(
      `convolution: the ${kh}x${kw} kernel is larger than its input of ${h}x${width}, pads ${p.pads.join(', ')}`,
    );
  }
  return { dtype: F32, shape: [n, o, oh, ow] };
}

/** y[n,o,p,q] = b[o] + sum over i, r, s of x[n,i,row(p,r),column(q,s)] w[o,i,r,s], channels split
 *  into `groups`; row(p,r) = p*stride + r*dilation - pad, of the vertical axis, column by the
 *  same rule of the horizontal one. x f32 [N,C,H,W], w f32 [O,C/groups,KH,KW], b f32 [O], left out
 *  for none -> y f32 [N,O,OH,OW]. */
export const convolution: OpRule<'convolution'> = {
  shape: (params, inputs) => {
    const [x, w] = expectWeighted('convolution', 4, inputs);
    return [outputType(params, x, w)];
  },
  gradient: (emitter, { params, inputs, outputGradients, wanted }) => {
    const [x, w, b] = inputs as [number, number, number?];
    const dy = outputGradients[0] as number;
    const [dw, db] =
      wanted[1] || wanted[2]
        ? emitter.emit(
            'convolution_backward_weights',
            { ...params, ...weightsGradient(emitter.typeOf(w), b) },
            [x, dy],
          )
        : [null, null];
    const [dx] = wanted[0]
      ? emitter.emit('convolution_backward_data', { ...params, xShape: emitter.typeOf(x).shape }, [
          dy,
          w,
        ])
      : [null];
    return [dx ?? null, dw ?? null, db ?? null];
  },
};

/** Gradient by x: dy f32 [N,O,OH,OW], w f32 [O,C/groups,KH,KW] -> dx f32 `xShape`. */
export const convolutionBackwardData: OpRule<'convolution_backward_data'> = {
  shape: (params, inputs) => {
    expectInputs('convolution_backward_data', inputs, [
      { name: 'dy', dtype: F32, rank: 4 },
      { name: 'w', dtype: F32, rank: 4 },
    ]);
    const x: TensorType = { dtype: F32, shape: params.xShape };
    expectSameOutput(params, x, inputs[1] as TensorType, inputs[0] as TensorType);
    return [x];
  },
  gradient: null,
};

/** Gradients by w and, if it has one, b: x f32 [N,C,H,W], dy f32 [N,O,OH,OW] -> dw f32 `wShape`, db
 *  f32 [O] (sum of dy over N, OH, OW). */
export const convolutionBackwardWeights: OpRule<'convolution_backward_weights'> = {
  shape: (params, inputs) => {
    expectInputs('convolution_backward_weights', inputs, [
      { name: 'x', dtype: F32, rank: 4 },
      { name: 'dy', dtype: F32, rank: 4 },
    ]);
    const w: TensorType = { dtype: F32, shape: params.wShape };
    expectSameOutput(params, inputs[0] as TensorType, w, inputs[1] as TensorType);
    return weightsGradientTypes(params);
  },
  gradient: null,
};

function expectSameOutput(
  p: ConvolutionParams,
  x: TensorType,
  w: TensorType,
  dy: TensorType,
): void {
  const y = outputType(p, x, w);
  if (formatType(y) !== formatType(dy)) {
    throw new ShapeError(
      `convolution backward: dy is ${formatType(dy)}, the output is ${formatType(y)}`,
    );
  }
}
