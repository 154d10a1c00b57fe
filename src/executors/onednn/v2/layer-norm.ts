// Layer normalisation and its backward pass.
import { layerNormNumbers } from '../binding/layer-norm.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { LayerNormProblem } from '../engine.js';
import { LAYER_NORM_FLAGS } from './abi.js';
import { descriptorBytes, type V2Context } from './attributes.js';
import { createPrimitive } from './create.js';

/** See {@link LayerNormProblem}. @throws NativeError */
export function layerNorm(context: V2Context, problem: LayerNormProblem): NativePrimitive {
  const { dnnl } = context;
  const { kind, flags, roles, name } = layerNormNumbers(problem, LAYER_NORM_FLAGS);
  const { direction, epsilon, hint } = problem;
  const [d, s] = [descriptorBytes(problem.data), descriptorBytes(problem.statistics)];
  return createPrimitive(context, {
    problem: name,
    roles,
    hint: hint as NativePrimitive | undefined,
    init: (op) =>
      direction === 'forward'
        ? dnnl.layer_normalization_forward_desc_init(op, kind, d, s, epsilon, flags)
        : dnnl.layer_normalization_backward_desc_init(op, kind, d, d, s, epsilon, flags),
  });
}
