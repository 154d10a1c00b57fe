// What convolution and inner product have in common: weights, and a bias or none.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import type { WeightsGradientParams } from './params.js';
import { expectInputs } from './rule.js';

/** Checks x, w and, if it is given, b. @param rank of w, and of x where it is 4
 *  @throws ShapeError */
export function expectWeighted(
  op: 'convolution' | 'inner_product',
  rank: 2 | 4,
  inputs: readonly TensorType[],
): readonly [x: TensorType, w: TensorType] {
  const hasBias = inputs.length !== 2;
  expectInputs(op, inputs, [
    { name: 'x', dtype: 'f32', rank: rank === 4 ? rank : null },
    { name: 'w', dtype: 'f32', rank },
    ...(hasBias ? [{ name: 'b', dtype: 'f32', rank: 1 }] : []),
  ]);
  const [x, w, b] = inputs as [TensorType, TensorType, TensorType?];
  if (b !== undefined && b.shape[0] !== w.shape[0]) {
    throw new ShapeError(`${op}: bias ${formatType(b)} for ${w.shape[0]} outputs`);
  }
  return [x, w];
}

/** Parameters of the op that gives the gradients by `w` and the bias, if there is one. */
export function weightsGradient(w: TensorType, bias: number | undefined): WeightsGradientParams {
  return { wShape: w.shape, ...(bias === undefined && { hasBias: false }) };
}

/** Its outputs: dw and, if there is a bias, db f32 [O]. */
export function weightsGradientTypes({
  wShape,
  hasBias,
}: WeightsGradientParams): readonly TensorType[] {
  const dw: TensorType = { dtype: 'f32', shape: wShape };
  return hasBias === false ? [dw] : [dw, { dtype: 'f32', shape: [wShape[0] as number] }];
}
