// Batch normalisation and its backward pass.
import { batchNormNumbers } from '../binding/batch-norm.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { BatchNormProblem } from '../engine.js';
import { NORMALISATION_FLAGS } from './abi.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** See {@link BatchNormProblem}. @throws NativeError */
export function batchNorm(context: V3Context, problem: BatchNormProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const { kind, flags, roles, name } = batchNormNumbers(problem, NORMALISATION_FLAGS);
  const { direction, epsilon } = problem;
  const data = descriptorAddress(problem.data);
  const hint = (problem.hint as NativePrimitive | undefined)?.descriptor ?? null;
  return createPrimitive(context, {
    problem: name,
    roles,
    make: (out, attr) =>
      direction === 'forward'
        ? dnnl.batch_normalization_forward_primitive_desc_create(
            ...[out, engine, kind, data, data, epsilon, flags, attr],
          )
        : dnnl.batch_normalization_backward_primitive_desc_create(
            ...[out, engine, kind, data, data, data, epsilon, flags, hint, attr],
          ),
  });
}
