// Batch normalisation and its backward pass.
import { batchNormNumbers } from '../binding/batch-norm.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { BatchNormProblem } from '../engine.js';
import { NORMALISATION_FLAGS } from './abi.js';
import { descriptorBytes, type V2Context } from './attributes.js';
import { createPrimitive } from './create.js';

/** See {@link BatchNormProblem}. @throws NativeError */
export function batchNorm(context: V2Context, problem: BatchNormProblem): NativePrimitive {
  const { dnnl } = context;
  const { kind, flags, roles, name } = batchNormNumbers(problem, NORMALISATION_FLAGS);
  const { direction, epsilon, hint } = problem;
  const data = descriptorBytes(problem.data);
  return createPrimitive(context, {
    problem: name,
    roles,
    hint: hint as NativePrimitive | undefined,
    init: (op) =>
      direction === 'forward'
        ? dnnl.batch_normalization_forward_desc_init(op, kind, data, epsilon, flags)
        : dnnl.batch_normalization_backward_desc_init(op, kind, data, data, epsilon, flags),
  });
}
