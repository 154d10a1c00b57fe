// Max pooling with a workspace of winners, average pooling, and their backward passes.
import type { PoolingProblem } from '../engine.js';
import { poolingAlgorithms, propKind } from '../binding/abi.js';
import { createPrimitive } from './create.js';
import { dimsArray, slidingArrays } from '../binding/blocks.js';
import type { NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';

/** See {@link PoolingProblem}. @throws NativeError */
export function pooling(context: V2Context, problem: PoolingProblem): NativePrimitive {
  const name = `${problem.algorithm ?? 'max'} pooling ${problem.direction} ${problem.src.key} -> ${problem.dst.key}`;
  const init = initialiser(context, problem);
  return createPrimitive(context, {
    problem: name,
    ...(problem.direction === 'forward'
      ? { roles: ['src', 'dst'] }
      : { roles: ['diffDst', 'diffSrc'], hint: problem.hint as NativePrimitive }),
    init,
  });
}

// 2.x has a descriptor of its own for dilated windows.
function initialiser({ dnnl }: V2Context, problem: PoolingProblem): (op: Uint8Array) => void {
  const { direction, keepsWorkspace, dilation } = problem;
  const operands = [descriptorBytes(problem.src), descriptorBytes(problem.dst)] as const;
  const { strides, dilates, before, after } = slidingArrays(problem);
  const window = [strides, dimsArray(problem.kernel)] as const;
  const around = [before, after] as const;
  const isDilated = dilation.some((step) => step > 1);
  const alg = poolingAlgorithms[problem.algorithm ?? 'max'];
  if (direction === 'forward') {
    const kind = keepsWorkspace ? propKind.forwardTraining : propKind.forwardInference;
    return isDilated
      ? (op) =>
          dnnl.pooling_v2_forward_desc_init(
            op,
            kind,
            alg,
            ...operands,
            ...window,
            dilates,
            ...around,
          )
      : (op) => dnnl.pooling_forward_desc_init(op, kind, alg, ...operands, ...window, ...around);
  }
  return isDilated
    ? (op) =>
        dnnl.pooling_v2_backward_desc_init(op, alg, ...operands, ...window, dilates, ...around)
    : (op) => dnnl.pooling_backward_desc_init(op, alg, ...operands, ...window, ...around);
}
