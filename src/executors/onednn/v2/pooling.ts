// Max pooling with a workspace of winners, and its backward pass.
import type { PoolingProblem } from '../engine.js';
import { algorithm, propKind } from '../binding/abi.js';
import { createPrimitive } from './create.js';
import { dimsArray } from '../binding/blocks.js';
import type { NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';

/** See {@link PoolingProblem}. @throws NativeError */
export function pooling(context: V2Context, problem: PoolingProblem): NativePrimitive {
  const { dnnl } = context;
  const s = descriptorBytes(problem.src);
  const d = descriptorBytes(problem.dst);
  const window = [
    dimsArray([problem.stride, problem.stride]),
    dimsArray([problem.kernel, problem.kernel]),
    dimsArray([problem.pad, problem.pad]),
    dimsArray(problem.padEnd),
  ] as const;
  const name = `max pooling ${problem.direction} ${problem.src.key} -> ${problem.dst.key}`;
  if (problem.direction === 'forward') {
    const kind = problem.keepsWorkspace ? propKind.forwardTraining : propKind.forwardInference;
    return createPrimitive(context, {
      problem: name,
      roles: ['src', 'dst'],
      init: (op) => dnnl.pooling_forward_desc_init(op, kind, algorithm.poolingMax, s, d, ...window),
    });
  }
  return createPrimitive(context, {
    problem: name,
    roles: ['diffDst', 'diffSrc'],
    hint: problem.hint as NativePrimitive,
    init: (op) => dnnl.pooling_backward_desc_init(op, algorithm.poolingMax, s, d, ...window),
  });
}
