// Layer normalisation over the last axis, and its backward op.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

const any = (name: string) => ({ name, dtype: 'f32', rank: null });
const row = (name: string) => ({ name, dtype: 'f32', rank: 1 });

function expectRow(what: string, found: TensorType, x: TensorType): void {
  if (found.shape[0] === x.shape.at(-1)) return;
  throw new ShapeError(`layer_norm: ${what} is ${formatType(found)} for ${formatType(x)}`);
}

/** y = (x - mean) / sqrt(variance + epsilon) * scale + shift; mean and variance (biased) of each
 *  row of the last axis; without scale and shift, 1 and 0. x f32 [...,C], scale f32 [C], shift f32
 *  [C] (or x alone) -> y f32 [...,C], mean f32 [...], variance f32 [...]. The gradient goes through
 *  y alone. */
export const layerNorm: OpRule<'layer_norm'> = {
  shape: ({ epsilon }, inputs) => {
    const isScaled = inputs.length > 1;
    expectInputs('layer_norm', inputs, [
      any('x'),
      ...(isScaled ? [row('scale'), row('shift')] : []),
    ]);
    const [x] = inputs as [TensorType];
    requireParam('layer_norm', x.shape.length >= 2, `x is ${formatType(x)}, wanted rows`);
    requireParam('layer_norm', epsilon > 0, `epsilon is ${epsilon}, wanted more than 0`);
    inputs.slice(1).forEach((each, at) => expectRow(at === 0 ? 'scale' : 'shift', each, x));
    const statistic = { dtype: 'f32', shape: x.shape.slice(0, -1) } as const;
    return [x, statistic, statistic];
  },
  gradient: (emitter, { params, inputs, outputs, outputGradients }) => {
    const [x, scale] = inputs as [number, number?];
    const [, mean, variance] = outputs as [number, number, number];
    const dy = outputGradients[0] as number;
    return emitter.emit('layer_norm_backward', params, [
      ...[dy, x, mean, variance],
      ...(scale === undefined ? [] : [scale]),
    ]);
  },
};

/** With n = (x - mean) / sqrt(variance + epsilon), g = dy * scale and means over the last axis: dx
 *  = (g - mean(g) - n mean(g n)) / sqrt(variance + epsilon); dscale = sum of dy n and dshift = sum
 *  of dy over the rows. dy, x f32 [...,C], mean, variance f32 [...], scale f32 [C] -> dx f32
 *  [...,C], dscale f32 [C], dshift f32 [C]; without a scale dx alone. */
export const layerNormBackward: OpRule<'layer_norm_backward'> = {
  shape: (_, inputs) => {
    const isScaled = inputs.length > 4;
    expectInputs('layer_norm_backward', inputs, [
      ...[any('dy'), any('x'), any('mean'), any('variance')],
      ...(isScaled ? [row('scale')] : []),
    ]);
    const [dy, x, mean, variance, scale] = inputs as [
      ...[TensorType, TensorType, TensorType, TensorType],
      TensorType?,
    ];
    const rows = { dtype: 'f32', shape: x.shape.slice(0, -1) } as const;
    const found = [dy, mean, variance].map(formatType).join(', ');
    if (found !== [x, rows, rows].map(formatType).join(', ')) {
      throw new ShapeError(
        `layer_norm_backward: dy, mean and variance are ${found} for ${formatType(x)}`,
      );
    }
    if (scale) expectRow('scale', scale, x);
    return scale ? [x, scale, scale] : [x];
  },
  gradient: null,
};
