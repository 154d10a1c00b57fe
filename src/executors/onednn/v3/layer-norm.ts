// Layer normalisation and its backward pass.
import { layerNormNumbers } from '../binding/layer-norm.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { LayerNormProblem } from '../engine.js';
import { LAYER_NORM_FLAGS } from './abi.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** See {@link LayerNormProblem}. @throws NativeError */
export function layerNorm(context: V3Context, problem: LayerNormProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const { kind, flags, roles, name } = layerNormNumbers(problem, LAYER_NORM_FLAGS);
  const { direction, epsilon } = problem;
  const [d, s] = [descriptorAddress(problem.data), descriptorAddress(problem.statistics)];
  const hint = (problem.hint as NativePrimitive | undefined)?.descriptor ?? null;
  return createPrimitive(context, {
    problem: name,
    roles,
    make: (out, attr) =>
      direction === 'forward'
        ? dnnl.layer_normalization_forward_primitive_desc_create(
            ...[out, engine, kind, d, d, s, epsilon, flags, attr],
          )
        : dnnl.layer_normalization_backward_primitive_desc_create(
            ...[out, engine, kind, d, d, d, s, epsilon, flags, hint, attr],
          ),
  });
}
