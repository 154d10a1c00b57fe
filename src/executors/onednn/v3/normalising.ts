// Max pooling with a workspace of winners, average pooling, local response normalisation across
// channels, and their backward passes.
import { algorithm, poolingAlgorithms, propKind } from '../binding/abi.js';
import { dimsArray, slidingArrays } from '../binding/blocks.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { LrnProblem, PoolingProblem } from '../engine.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** See {@link PoolingProblem}. @throws NativeError */
export function pooling(context: V3Context, problem: PoolingProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const [s, d] = [descriptorAddress(problem.src), descriptorAddress(problem.dst)];
  const { strides, dilates, before, after } = slidingArrays(problem);
  const window = [strides, dimsArray(problem.kernel), dilates, before, after] as const;
  const alg = poolingAlgorithms[problem.algorithm ?? 'max'];
  const name = `${problem.algorithm ?? 'max'} pooling ${problem.direction} ${problem.src.key} -> ${problem.dst.key}`;
  if (problem.direction === 'forward') {
    const kind = problem.keepsWorkspace ? propKind.forwardTraining : propKind.forwardInference;
    return createPrimitive(context, {
      problem: name,
      roles: ['src', 'dst'],
      make: (out, attr) =>
        dnnl.pooling_forward_primitive_desc_create(out, engine, kind, alg, s, d, ...window, attr),
    });
  }
  const hint = (problem.hint as NativePrimitive).descriptor;
  return createPrimitive(context, {
    problem: name,
    roles: ['diffDst', 'diffSrc'],
    make: (out, attr) =>
      dnnl.pooling_backward_primitive_desc_create(out, engine, alg, s, d, ...window, hint, attr),
  });
}

/** See {@link LrnProblem}. @throws NativeError */
export function lrn(context: V3Context, problem: LrnProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const s = descriptorAddress(problem.src);
  const numbers = [problem.size, problem.alpha, problem.beta, problem.k] as const;
  const across = algorithm.lrnAcrossChannels;
  const name = `lrn ${problem.direction} ${problem.src.key}`;
  if (problem.direction === 'forward') {
    const kind = problem.keepsWorkspace ? propKind.forwardTraining : propKind.forwardInference;
    return createPrimitive(context, {
      problem: name,
      roles: ['src', 'dst'],
      make: (out, attr) =>
        dnnl.lrn_forward_primitive_desc_create(out, engine, kind, across, s, s, ...numbers, attr),
    });
  }
  const diff = descriptorAddress(problem.diff ?? problem.src);
  const hint = (problem.hint as NativePrimitive).descriptor;
  return createPrimitive(context, {
    problem: name,
    roles: ['src', 'diffDst', 'diffSrc'],
    make: (out, attr) =>
      dnnl.lrn_backward_primitive_desc_create(
        ...[out, engine, across, diff, diff, s, ...numbers, hint, attr],
      ),
  });
}
