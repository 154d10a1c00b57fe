// ReLU, element-wise sums and products of two tensors, scaled sums of many, and copies between layouts.
import type { Layout } from '../engine.js';
import { algorithm, MEMORY_DESC_BYTES, propKind } from './abi.js';
import { createPrimitive, named } from './create.js';
import {
  type Context,
  created,
  descriptorBytes,
  V2Primitive,
  withAttributes,
} from './primitive.js';

/** dst = max(0, src). */
export function relu(context: Context, data: Layout): V2Primitive {
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
  context: Context,
  data: Layout,
  diff: Layout,
  hint: V2Primitive,
): V2Primitive {
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

/** dst = src + src1, src - src1 or src * src1. */
export function binary(
  context: Context,
  kind: 'add' | 'subtract' | 'multiply',
  src: Layout,
  src1: Layout,
  dst: Layout,
): V2Primitive {
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

const binaryAlgorithms = {
  add: algorithm.binaryAdd,
  subtract: algorithm.binarySubtract,
  multiply: algorithm.binaryMultiply,
} as const;

/** dst = kept * dst + a * src + b * src1: one pass of generated code, where `sum` makes one an input. */
export function accumulate(
  context: Context,
  kept: number,
  scales: readonly [number, number],
  data: Layout,
): V2Primitive {
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
  context: Context,
  scales: readonly number[],
  inputs: readonly Layout[],
  dst: Layout,
): V2Primitive {
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
  return new V2Primitive(context, descriptor, [
    ...inputs.map((_, i) => `input${i}` as const),
    'dst',
  ]);
}

/** dst = src in another layout or element type. */
export function reorder(context: Context, src: Layout, dst: Layout): V2Primitive {
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
  return new V2Primitive(context, descriptor, ['src', 'dst']);
}
