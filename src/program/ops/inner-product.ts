// Inner product (fully connected), its two backward ops, and their rules.
import { ShapeError } from '../../base/errors.js';
import { elementCount, formatType, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule } from './rule.js';
import { expectWeighted, weightsGradient, weightsGradientTypes } from './weighted.js';

const F32 = 'f32';

function outputType(x: TensorType, w: TensorType): TensorType {
  const n = x.shape[0] as number;
  const [o, k] = w.shape as readonly [number, number];
  if (elementCount(x.shape) !== n * k) {
    throw new ShapeError(
      `inner_product: input ${formatType(x)} does not flatten to ${k} columns of weights ${formatType(w)}`,
    );
  }
  return { dtype: F32, shape: [n, o] };
}

/** y[n,o] = b[o] + sum_k x[n,k] w[o,k]; x f32 [N,...] flattened row-major to [N,K], w f32 [O,K], b
 *  f32 [O], left out for none -> y f32 [N,O]. */
export const innerProduct: OpRule<'inner_product'> = {
  shape: (_, inputs) => {
    const [x, w] = expectWeighted('inner_product', 2, inputs);
    return [outputType(x, w)];
  },
  gradient: (emitter, { inputs, outputGradients, wanted }) => {
    const [x, w, b] = inputs as [number, number, number?];
    const dy = outputGradients[0] as number;
    const [dw, db] =
      wanted[1] || wanted[2]
        ? emitter.emit('inner_product_backward_weights', weightsGradient(emitter.typeOf(w), b), [
            x,
            dy,
          ])
        : [null, null];
    const [dx] = wanted[0]
      ? emitter.emit('inner_product_backward_data', { xShape: emitter.typeOf(x).shape }, [dy, w])
      : [null];
    return [dx ?? null, dw ?? null, db ?? null];
  },
};

/** dx = dy w: dy f32 [N,O], w f32 [O,K] -> dx f32 `xShape` ([N,...] with K elements a row). */
export const innerProductBackwardData: OpRule<'inner_product_backward_data'> = {
  shape: ({ xShape }, inputs) => {
    expectInputs('inner_product_backward_data', inputs, [
      { name: 'dy', dtype: F32, rank: 2 },
      { name: 'w', dtype: F32, rank: 2 },
    ]);
    const x: TensorType = { dtype: F32, shape: xShape };
    expectSameOutput(x, inputs[1] as TensorType, inputs[0] as TensorType);
    return [x];
  },
  gradient: null,
};

/** dw = dy^T x and, if there is a bias, db = column sums of dy: x f32 [N,...], dy f32 [N,O] -> dw
 *  f32 `wShape` [O,K], db f32 [O]. */
export const innerProductBackwardWeights: OpRule<'inner_product_backward_weights'> = {
  shape: (params, inputs) => {
    expectInputs('inner_product_backward_weights', inputs, [
      { name: 'x', dtype: F32, rank: null },
      { name: 'dy', dtype: F32, rank: 2 },
    ]);
    const w: TensorType = { dtype: F32, shape: params.wShape };
    expectSameOutput(inputs[0] as TensorType, w, inputs[1] as TensorType);
    return weightsGradientTypes(params);
  },
  gradient: null,
};

function expectSameOutput(x: TensorType, w: TensorType, dy: TensorType): void {
  const y = outputType(x, w);
  if (formatType(y) !== formatType(dy)) {
    throw new ShapeError(
      `inner_product backward: dy is ${formatType(dy)}, the output is ${formatType(y)}`,
    );
  }
}
