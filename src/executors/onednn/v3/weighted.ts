// Convolution (forward for training, so that the weights' layout stays a plain blocked one) and
// inner product, in every direction.
import { algorithm, propKind, weightedRoles } from '../binding/abi.js';
import { slidingArrays } from '../binding/blocks.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { ConvolutionProblem, InnerProductProblem } from '../engine.js';
import { type Creation, createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** See {@link ConvolutionProblem}. @throws NativeError */
export function convolution(context: V3Context, problem: ConvolutionProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const { direction } = problem;
  const { s, w, b, d } = operands(problem);
  const alg =
    problem.algorithm === 'auto' ? algorithm.convolutionAuto : algorithm.convolutionDirect;
  const { strides, dilates, before, after } = slidingArrays(problem);
  const window = [strides, dilates, before, after] as const;
  const hint = (problem.hint as NativePrimitive | undefined)?.descriptor ?? null;
  const training = propKind.forwardTraining;
  const make: Record<typeof direction, Creation['make']> = {
    forward: (out, attr) =>
      dnnl.convolution_forward_primitive_desc_create(
        ...[out, engine, training, alg, s, w, b, d, ...window, attr],
      ),
    backwardData: (out, attr) =>
      dnnl.convolution_backward_data_primitive_desc_create(
        ...[out, engine, alg, s, w, d, ...window, hint, attr],
      ),
    backwardWeights: (out, attr) =>
      dnnl.convolution_backward_weights_primitive_desc_create(
        ...[out, engine, alg, s, w, b, d, ...window, hint, attr],
      ),
  };
  return create(context, 'convolution', problem, make[direction]);
}

/** See {@link InnerProductProblem}. @throws NativeError */
export function innerProduct(context: V3Context, problem: InnerProductProblem): NativePrimitive {
  const { dnnl, engine } = context;
  const { direction } = problem;
  const { s, w, b, d } = operands(problem);
  const hint = (problem.hint as NativePrimitive | undefined)?.descriptor ?? null;
  const training = propKind.forwardTraining;
  const make: Record<typeof direction, Creation['make']> = {
    forward: (out, attr) =>
      dnnl.inner_product_forward_primitive_desc_create(out, engine, training, s, w, b, d, attr),
    backwardData: (out, attr) =>
      dnnl.inner_product_backward_data_primitive_desc_create(out, engine, s, w, d, hint, attr),
    backwardWeights: (out, attr) =>
      dnnl.inner_product_backward_weights_primitive_desc_create(
        ...[out, engine, s, w, b, d, hint, attr],
      ),
  };
  return create(context, 'inner product', problem, make[direction]);
}

type Problem = Pick<ConvolutionProblem, 'direction' | 'src' | 'weights' | 'bias' | 'dst' | 'relu'>;

function operands({ src, weights, bias, dst }: Problem): Record<'s' | 'w' | 'd', bigint> & {
  b: bigint | null;
} {
  return {
    s: descriptorAddress(src),
    w: descriptorAddress(weights),
    b: bias ? descriptorAddress(bias) : null,
    d: descriptorAddress(dst),
  };
}

function create(
  context: V3Context,
  what: string,
  { direction, src, weights, dst, relu }: Problem,
  make: Creation['make'],
): NativePrimitive {
  return createPrimitive(context, {
    problem: `${what} ${direction} ${src.key} * ${weights.key} -> ${dst.key}`,
    roles: weightedRoles[direction],
    extras: { relu: relu ?? false },
    make,
  });
}
