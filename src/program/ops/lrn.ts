// Local response normalisation across channels and its backward op.
import type { TensorType } from '../../tensor/tensor.js';
import type { LrnParams } from './params.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

function checkParams({ size, k }: LrnParams): void {
  requireParam('lrn', size >= 1 && size % 2 === 1, `size is ${size}, wanted an odd number`);
  requireParam('lrn', k > 0, `k is ${k}, wanted > 0`);
}

/** y = x / s^beta with s = k + (alpha / size) * sum of x^2 over the `size` channels centred on this
 *  one (zeros outside). x f32 [N,C,H,W] -> y f32 [N,C,H,W], s f32 [N,C,H,W] (opaque: only the same
 *  executor's lrn_backward reads it).
 *  Source: Krizhevsky et al. 2012, section 3.3; division by size as Caffe does. */
export const lrn: OpRule<'lrn'> = {
  shape: (params, inputs) => {
    expectInputs('lrn', inputs, [{ name: 'x', dtype: 'f32', rank: 4 }]);
    checkParams(params);
    const [x] = inputs as [TensorType];
    return [x, x];
  },
  opaque: [1],
  gradient: (emitter, { params, inputs, outputs, outputGradients }) =>
    emitter.emit('lrn_backward', params, [
      inputs[0] as number,
      outputGradients[0] as number,
      outputs[1] as number,
    ]),
};

/** dx[c] = dy[c] s[c]^-beta - (2 alpha beta / size) x[c] * sum over c' within the window of dy[c']
 *  x[c'] s[c']^(-beta-1). x, dy, s f32 [N,C,H,W] -> dx f32 [N,C,H,W]. */
export const lrnBackward: OpRule<'lrn_backward'> = {
  shape: (params, inputs) => {
    expectInputs('lrn_backward', inputs, [
      { name: 'x', dtype: 'f32', rank: 4 },
      { name: 'dy', dtype: 'f32', rank: 4 },
      { name: 's', dtype: 'f32', rank: 4 },
    ]);
    checkParams(params);
    return [inputs[0] as TensorType];
  },
  gradient: null,
};
