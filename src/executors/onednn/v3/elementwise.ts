// ReLU and other functions, element-wise sums and products of two tensors, scaled sums of many, and
// copies between layouts.
import { algorithm, binaryAlgorithms, propKind } from '../binding/abi.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { Eltwise, Layout } from '../engine.js';
import { eltwiseAlgorithms } from './abi.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** dst = max(0, src). */
export function relu(context: V3Context, data: Layout): NativePrimitive {
  const { dnnl, engine } = context;
  const d = descriptorAddress(data);
  const training = propKind.forwardTraining;
  return createPrimitive(context, {
    problem: `relu ${data.key}`,
    roles: ['src', 'dst'],
    make: (out, attr) =>
      dnnl.eltwise_forward_primitive_desc_create(
        ...[out, engine, training, algorithm.eltwiseReluByDst, d, d, 0, 0, attr],
      ),
  });
}

/** diffSrc = diffDst where dst > 0, else 0. */
export function reluBackward(
  context: V3Context,
  data: Layout,
  diff: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  const { dnnl, engine } = context;
  const [d, dd] = [descriptorAddress(data), descriptorAddress(diff)];
  return createPrimitive(context, {
    problem: `relu backward ${data.key} ${diff.key}`,
    roles: ['dst', 'diffDst', 'diffSrc'],
    make: (out, attr) =>
      dnnl.eltwise_backward_primitive_desc_create(
        ...[out, engine, algorithm.eltwiseReluByDst, dd, dd, d, 0, 0, hint.descriptor, attr],
      ),
  });
}

/** dst = f(src). */
export function eltwise(context: V3Context, f: Eltwise, data: Layout): NativePrimitive {
  const { dnnl, engine } = context;
  const kind = eltwiseAlgorithms[f.algorithm];
  const d = descriptorAddress(data);
  return createPrimitive(context, {
    problem: `${f.algorithm} ${data.key}`,
    roles: ['src', 'dst'],
    make: (out, attr) =>
      dnnl.eltwise_forward_primitive_desc_create(
        ...[out, engine, propKind.forwardTraining, kind, d, d, f.alpha, f.beta, attr],
      ),
  });
}

/** diffSrc = diffDst * f'(src). */
export function eltwiseBackward(
  context: V3Context,
  f: Eltwise,
  data: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  const { dnnl, engine } = context;
  const kind = eltwiseAlgorithms[f.algorithm];
  const d = descriptorAddress(data);
  return createPrimitive(context, {
    problem: `${f.algorithm} backward ${data.key}`,
    roles: ['src', 'diffDst', 'diffSrc'],
    make: (out, attr) =>
      dnnl.eltwise_backward_primitive_desc_create(
        ...[out, engine, kind, d, d, d, f.alpha, f.beta, hint.descriptor, attr],
      ),
  });
}

/** dst = src + src1, src - src1 or src * src1. */
export function binary(
  context: V3Context,
  kind: keyof typeof binaryAlgorithms,
  src: Layout,
  src1: Layout,
  dst: Layout,
): NativePrimitive {
  const { dnnl, engine } = context;
  const [a, b, d] = [src, src1, dst].map(descriptorAddress) as [bigint, bigint, bigint];
  return createPrimitive(context, {
    problem: `${kind} ${src.key} ${src1.key} -> ${dst.key}`,
    roles: ['src', 'src1', 'dst'],
    make: (out, attr) =>
      dnnl.binary_primitive_desc_create(out, engine, binaryAlgorithms[kind], a, b, d, attr),
  });
}

/** dst = kept * dst + a * src + b * src1. */
export function accumulate(
  context: V3Context,
  kept: number,
  scales: readonly [number, number],
  data: Layout,
): NativePrimitive {
  const { dnnl, engine } = context;
  const d = descriptorAddress(data);
  return createPrimitive(context, {
    problem: `accumulate ${data.key}`,
    roles: ['src', 'src1', 'dst'],
    extras: { scales, keptDst: kept },
    make: (out, attr) =>
      dnnl.binary_primitive_desc_create(out, engine, algorithm.binaryAdd, d, d, d, attr),
  });
}

/** dst = sum of scales[i] * input_i. */
export function sum(
  context: V3Context,
  scales: readonly number[],
  inputs: readonly Layout[],
  dst: Layout,
): NativePrimitive {
  const { dnnl, engine } = context;
  const sources = BigUint64Array.from(inputs, descriptorAddress);
  const factors = Float32Array.from(scales);
  const d = descriptorAddress(dst);
  return createPrimitive(context, {
    problem: `sum ${inputs.map((input) => input.key).join(' ')}`,
    roles: [...inputs.map((_, i) => `input${i}` as const), 'dst'],
    make: (out, attr) =>
      dnnl.sum_primitive_desc_create(out, engine, d, inputs.length, factors, sources, attr),
  });
}

/** dst = src in another layout or element type. */
export function reorder(context: V3Context, src: Layout, dst: Layout): NativePrimitive {
  const { dnnl, engine } = context;
  const [s, d] = [descriptorAddress(src), descriptorAddress(dst)];
  return createPrimitive(context, {
    problem: `reorder ${src.key} -> ${dst.key}`,
    roles: ['src', 'dst'],
    make: (out, attr) => dnnl.reorder_primitive_desc_create(out, s, engine, d, engine, attr),
  });
}
