// Inner product (fully connected), forward and both backward directions.
import type { InnerProductProblem } from '../engine.js';
import { propKind, weightedRoles } from '../binding/abi.js';
import { createPrimitive } from './create.js';
import type { NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';

/** See {@link InnerProductProblem}. @throws NativeError */
export function innerProduct(context: V2Context, problem: InnerProductProblem): NativePrimitive {
  const { dnnl } = context;
  const { direction, src, weights, bias, dst } = problem;
  const [s, w, d] = [src, weights, dst].map(descriptorBytes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const b = bias ? descriptorBytes(bias) : null;
  const init = {
    forward: (op: Uint8Array) =>
      dnnl.inner_product_forward_desc_init(op, propKind.forwardTraining, s, w, b, d),
    backwardData: (op: Uint8Array) => dnnl.inner_product_backward_data_desc_init(op, s, w, d),
    backwardWeights: (op: Uint8Array) =>
      dnnl.inner_product_backward_weights_desc_init(op, s, w, b, d),
  }[direction];
  return createPrimitive(context, {
    problem: `inner product ${direction} ${src.key} * ${weights.key} -> ${dst.key}`,
    extras: { relu: problem.relu ?? false },
    hint: problem.hint as NativePrimitive | undefined,
    roles: weightedRoles[direction],
    init,
  });
}
