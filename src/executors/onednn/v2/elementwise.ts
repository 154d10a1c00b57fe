// ReLU and other functions, element-wise sums and products of two tensors, scaled sums of many, and
// copies between layouts.
import type { Eltwise, Layout } from '../engine.js';
import { algorithm, binaryAlgorithms, propKind } from '../binding/abi.js';
import { eltwiseAlgorithms, MEMORY_DESC_BYTES } from './abi.js';
import { createPrimitive } from './create.js';
import { created, named, NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context, withAttributes } from './attributes.js';

/** dst = max(0, src). */
export function relu(context: V2Context, data: Layout): NativePrimitive {
  return createPrimitive(context, {
    problem: `relu ${data.key}`,
    roles: ['src', 'dst'],
    init: (op) =>
      context.dnnl.eltwise_forward_desc_init(
        op,
        propKind.forwardTraining,
        algorithm.eltwiseReluByDst,
        descriptorBytes(data),
        0,
        0,
      ),
  });
}

/** diffSrc = diffDst where dst > 0, else 0. */
export function reluBackward(
  context: V2Context,
  data: Layout,
  diff: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  return createPrimitive(context, {
    problem: `relu backward ${data.key} ${diff.key}`,
    roles: ['dst', 'diffDst', 'diffSrc'],
    hint,
    init: (op) =>
      context.dnnl.eltwise_backward_desc_init(
        op,
        algorithm.eltwiseReluByDst,
        descriptorBytes(diff),
        descriptorBytes(data),
        0,
        0,
      ),
  });
}

/** dst = f(src). */
export function eltwise(context: V2Context, f: Eltwise, data: Layout): NativePrimitive {
  const kind = eltwiseAlgorithms[f.algorithm];
  const d = descriptorBytes(data);
  return createPrimitive(context, {
    problem: `${f.algorithm} ${data.key}`,
    roles: ['src', 'dst'],
    init: (op) =>
      context.dnnl.eltwise_forward_desc_init(
        ...[op, propKind.forwardTraining, kind, d, f.alpha, f.beta],
      ),
  });
}

/** diffSrc = diffDst * f'(src). */
export function eltwiseBackward(
  context: V2Context,
  f: Eltwise,
  data: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  const kind = eltwiseAlgorithms[f.algorithm];
  const d = descriptorBytes(data);
  return createPrimitive(context, {
    problem: `${f.algorithm} backward ${data.key}`,
    roles: ['src', 'diffDst', 'diffSrc'],
    hint,
    init: (op) => context.dnnl.eltwise_backward_desc_init(op, kind, d, d, f.alpha, f.beta),
  });
}

/** dst = src + src1, src - src1 or src * src1. */
export function binary(
  context: V2Context,
  kind: keyof typeof binaryAlgorithms,
  src: Layout,
  src1: Layout,
  dst: Layout,
): NativePrimitive {
  return createPrimitive(context, {
    problem: `${kind} ${src.key} ${src1.key} -> ${dst.key}`,
    roles: ['src', 'src1', 'dst'],
    init: (op) =>
      context.dnnl.binary_desc_init(
        op,
        binaryAlgorithms[kind],
        descriptorBytes(src),
        descriptorBytes(src1),
        descriptorBytes(dst),
      ),
  });
}

/** dst = kept * dst + a * src + b * src1: one pass of generated code, where `sum` makes one an
 *  input. */
export function accumulate(
  context: V2Context,
  kept: number,
  scales: readonly [number, number],
  data: Layout,
): NativePrimitive {
  const layout = descriptorBytes(data);
  return createPrimitive(context, {
    problem: `accumulate ${data.key}`,
    roles: ['src', 'src1', 'dst'],
    extras: { scales, keptDst: kept },
    init: (op) => context.dnnl.binary_desc_init(op, algorithm.binaryAdd, layout, layout, layout),
  });
}

/** dst = sum of scales[i] * input_i. */
export function sum(
  context: V2Context,
  scales: readonly number[],
  inputs: readonly Layout[],
  dst: Layout,
): NativePrimitive {
  const sources = new Uint8Array(inputs.length * MEMORY_DESC_BYTES);
  inputs.forEach((input, i) => sources.set(descriptorBytes(input), i * MEMORY_DESC_BYTES));
  const descriptor = named(`sum ${inputs.map((input) => input.key).join(' ')}`, () =>
    withAttributes(context, {}, (attributes) =>
      created((out) =>
        context.dnnl.sum_primitive_desc_create(
          out,
          descriptorBytes(dst),
          inputs.length,
          Float32Array.from(scales),
          sources,
          attributes,
          context.engine,
        ),
      ),
    ),
  );
  return new NativePrimitive(context, descriptor, [
    ...inputs.map((_, i) => `input${i}` as const),
    'dst',
  ]);
}

/** dst = src in another layout or element type. */
export function reorder(context: V2Context, src: Layout, dst: Layout): NativePrimitive {
  const { engine } = context;
  const descriptor = named(`reorder ${src.key} -> ${dst.key}`, () =>
    withAttributes(context, {}, (attributes) =>
      created((out) =>
        context.dnnl.reorder_primitive_desc_create(
          out,
          descriptorBytes(src),
          engine,
          descriptorBytes(dst),
          engine,
          attributes,
        ),
      ),
    ),
  );
  return new NativePrimitive(context, descriptor, ['src', 'dst']);
}
