// Batch normalisation over minibatch statistics or stored ones, and their backward ops.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import type { BatchNormParams, OpName } from './params.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

/** Checks the inputs `given` and, behind them, scale and shift where the op has them; all but x and
 *  dy are f32 [C]. @throws ShapeError, OpParamError */
function expectNormalised(
  op: OpName,
  { epsilon, hasScale, hasShift }: Pick<BatchNormParams, 'epsilon' | 'hasScale' | 'hasShift'>,
  inputs: readonly TensorType[],
  given: readonly ('x' | 'dy' | 'mean' | 'variance')[],
): TensorType {
  requireParam(op, epsilon > 0, `epsilon is ${epsilon}, wanted > 0`);
  const names = [...given, ...(hasScale ? ['scale'] : []), ...(hasShift ? ['shift'] : [])];
  const isActivation = (name: string): boolean => name === 'x' || name === 'dy';
  expectInputs(
    op,
    inputs,
    names.map((name) => ({ name, dtype: 'f32', rank: isActivation(name) ? null : 1 })),
  );
  const [x] = inputs as [TensorType];
  if (x.shape.length < 2) {
    throw new ShapeError(`${op}: x is ${formatType(x)}, wanted [N,C,...]`);
  }
  const channel: TensorType = { dtype: 'f32', shape: [x.shape[1] as number] };
  names.forEach((name, index) => {
    const [found, wanted] = [inputs[index] as TensorType, isActivation(name) ? x : channel];
    if (formatType(found) === formatType(wanted)) return;
    throw new ShapeError(
      `${op}: ${name} is ${formatType(found)}, wanted ${formatType(wanted)} beside x ${formatType(x)}`,
    );
  });
  return x;
}

/** Gradients: of x, then of scale and of shift where the op has them. */
function gradientTypes(
  op: OpName,
  params: BatchNormParams,
  inputs: readonly TensorType[],
): readonly TensorType[] {
  const { hasScale, hasShift } = params;
  // The shift itself is not read: no gradient depends on it.
  const x = expectNormalised(op, { ...params, hasShift: false }, inputs, [
    ...(['x', 'dy', 'mean', 'variance'] as const),
  ]);
  const channel: TensorType = { dtype: 'f32', shape: [x.shape[1] as number] };
  return [x, ...(hasScale ? [channel] : []), ...(hasShift ? [channel] : [])];
}

/** y = (x - mean[c]) / sqrt(variance[c] + epsilon) * scale[c] + shift[c], c the index on axis 1;
 *  mean and variance are those of x over all other axes, variance = mean of (x - mean)^2 (divided
 *  by the number of elements: biased). x f32 [N,C,...], scale and shift f32 [C], left out where
 *  `hasScale` and `hasShift` say so (1 and 0) -> y f32 [N,C,...], mean f32 [C], variance f32 [C].
 *  @source Ioffe & Szegedy 2015, algorithm 1 */
export const batchNorm: OpRule<'batch_norm'> = {
  shape: (params, inputs) => {
    const x = expectNormalised('batch_norm', params, inputs, ['x']);
    const channel: TensorType = { dtype: 'f32', shape: [x.shape[1] as number] };
    return [x, channel, channel];
  },
  gradient: (emitter, { params, inputs, outputs, outputGradients }) => {
    const [x, scale] = inputs as [number, number?];
    const [, mean, variance] = outputs as [number, number, number];
    const dy = outputGradients[0] as number;
    const read = [x, dy, mean, variance, ...(params.hasScale ? [scale as number] : [])];
    return emitter.emit('batch_norm_backward', params, read);
  },
};

/** With xhat = (x - mean) / sqrt(variance + epsilon) and sums over all axes but 1 of M elements:
 *  dshift = sum of dy; dscale = sum of dy xhat; dx = scale / sqrt(variance + epsilon) * (dy -
 *  dshift / M - xhat dscale / M). x, dy f32 [N,C,...], mean, variance, scale f32 [C] -> dx f32
 *  [N,C,...], dscale f32 [C] if `hasScale`, dshift f32 [C] if `hasShift`. */
export const batchNormBackward: OpRule<'batch_norm_backward'> = {
  shape: (params, inputs) => gradientTypes('batch_norm_backward', params, inputs),
  gradient: null,
};

/** {@link batchNorm} with a given mean and variance, which are constants: nothing is propagated to
 *  them. x f32 [N,C,...], mean, variance, scale, shift f32 [C] -> y f32 [N,C,...]. */
export const batchNormInference: OpRule<'batch_norm_inference'> = {
  shape: (params, inputs) => [
    expectNormalised('batch_norm_inference', params, inputs, ['x', 'mean', 'variance']),
  ],
  gradient: (emitter, { params, inputs, outputGradients }) => {
    const [x, mean, variance, scale] = inputs as [number, number, number, number?];
    const dy = outputGradients[0] as number;
    const read = [x, dy, mean, variance, ...(params.hasScale ? [scale as number] : [])];
    const [dx = null, ...affine] = emitter.emit('batch_norm_inference_backward', params, read);
    return [dx, null, null, ...affine];
  },
};

/** As {@link batchNormBackward}, but dx = dy scale / sqrt(variance + epsilon). */
export const batchNormInferenceBackward: OpRule<'batch_norm_inference_backward'> = {
  shape: (params, inputs) => gradientTypes('batch_norm_inference_backward', params, inputs),
  gradient: null,
};
