// Max pooling with a workspace of winners, and its backward pass.
import type { PoolingProblem } from '../engine.js';
import { algorithm, propKind } from './abi.js';
import { createPrimitive } from './create.js';
import { dimsArray } from './layout.js';
import { type Context, descriptorBytes, type V2Primitive } from './primitive.js';

/** See {@link PoolingProblem}. @throws NativeError */
export function pooling(context: Context, problem: PoolingProblem): V2Primitive {
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
    hint: problem.hint as V2Primitive,
    init: (op) => dnnl.pooling_backward_desc_init(op, algorithm.poolingMax, s, d, ...window),
  });
}
