// Convolution, forward (training, so that the weights' layout stays a plain blocked one) and both
// backward directions.
import type { ConvolutionProblem } from '../engine.js';
import { algorithm, propKind, weightedRoles } from '../binding/abi.js';
import { createPrimitive } from './create.js';
import { slidingArrays } from '../binding/blocks.js';
import type { NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';

/** See {@link ConvolutionProblem}. @throws NativeError */
export function convolution(context: V2Context, problem: ConvolutionProblem): NativePrimitive {
  const { dnnl } = context;
  const { direction, src, weights, bias, dst } = problem;
  const [s, w, d] = [src, weights, dst].map(descriptorBytes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const b = bias ? descriptorBytes(bias) : null;
  const alg =
    problem.algorithm === 'auto' ? algorithm.convolutionAuto : algorithm.convolutionDirect;
  const { strides, dilates, before, after } = slidingArrays(problem);
  const window = [strides, dilates, before, after] as const;
  const shared = {
    problem: `convolution ${direction} ${src.key} * ${weights.key} -> ${dst.key}`,
    extras: { relu: problem.relu ?? false },
    hint: problem.hint as NativePrimitive | undefined,
  };
  const init = {
    forward: (op: Uint8Array) =>
      dnnl.dilated_convolution_forward_desc_init(
        op,
        propKind.forwardTraining,
        alg,
        s,
        w,
        b,
        d,
        ...window,
      ),
    backwardData: (op: Uint8Array) =>
      dnnl.dilated_convolution_backward_data_desc_init(op, alg, s, w, d, ...window),
    backwardWeights: (op: Uint8Array) =>
      dnnl.dilated_convolution_backward_weights_desc_init(op, alg, s, w, b, d, ...window),
  }[direction];
  return createPrimitive(context, { ...shared, roles: weightedRoles[direction], init });
}
