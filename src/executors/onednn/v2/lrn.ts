// Local response normalisation across channels, and its backward pass.
import type { LrnProblem } from '../engine.js';
import { algorithm, propKind } from '../binding/abi.js';
import { createPrimitive } from './create.js';
import type { NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';

/** See {@link LrnProblem}. @throws NativeError */
export function lrn(context: V2Context, problem: LrnProblem): NativePrimitive {
  const { dnnl } = context;
  const s = descriptorBytes(problem.src);
  const numbers = [problem.size, problem.alpha, problem.beta, problem.k] as const;
  const name = `lrn ${problem.direction} ${problem.src.key}`;
  const across = algorithm.lrnAcrossChannels;
  if (problem.direction === 'forward') {
    const kind = problem.keepsWorkspace ? propKind.forwardTraining : propKind.forwardInference;
    return createPrimitive(context, {
      problem: name,
      roles: ['src', 'dst'],
      init: (op) => dnnl.lrn_forward_desc_init(op, kind, across, s, ...numbers),
    });
  }
  const diff = descriptorBytes(problem.diff ?? problem.src);
  return createPrimitive(context, {
    problem: name,
    roles: ['src', 'diffDst', 'diffSrc'],
    hint: problem.hint as NativePrimitive,
    init: (op) => dnnl.lrn_backward_desc_init(op, across, diff, s, ...numbers),
  });
}
