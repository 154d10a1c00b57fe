// Products of matrices, softmax along the last axis, and concatenation.
import { algorithm, propKind } from '../binding/abi.js';
import { created, named, NativePrimitive } from '../binding/primitive.js';
import type { Layout } from '../engine.js';
import { MEMORY_DESC_BYTES } from './abi.js';
import { descriptorBytes, type V2Context, withAttributes } from './attributes.js';
import { createPrimitive } from './create.js';

/** dst = src weights. */
export function matmul(
  context: V2Context,
  src: Layout,
  weights: Layout,
  dst: Layout,
): NativePrimitive {
  const [s, w, d] = [src, weights, dst].map(descriptorBytes) as [
    ...[Uint8Array, Uint8Array, Uint8Array],
  ];
  return createPrimitive(context, {
    problem: `matmul ${src.key} * ${weights.key} -> ${dst.key}`,
    roles: ['src', 'weights', 'dst'],
    init: (op) => context.dnnl.matmul_desc_init(op, s, w, null, d),
  });
}

/** dst = softmax of src along the last axis. */
export function softmax(context: V2Context, data: Layout): NativePrimitive {
  const d = descriptorBytes(data);
  const axis = data.dims.length - 1;
  return createPrimitive(context, {
    problem: `softmax ${data.key}`,
    roles: ['src', 'dst'],
    init: (op) =>
      context.dnnl.softmax_v2_forward_desc_init(
        ...[op, propKind.forwardTraining, algorithm.softmaxAccurate, d, d, axis],
      ),
  });
}

/** diffSrc from dst and diffDst. */
export function softmaxBackward(
  context: V2Context,
  data: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  const d = descriptorBytes(data);
  const axis = data.dims.length - 1;
  return createPrimitive(context, {
    problem: `softmax backward ${data.key}`,
    roles: ['dst', 'diffDst', 'diffSrc'],
    hint,
    init: (op) =>
      context.dnnl.softmax_v2_backward_desc_init(op, algorithm.softmaxAccurate, d, d, d, axis),
  });
}

/** dst = the inputs one after another along `axis`. */
export function concat(
  context: V2Context,
  axis: number,
  inputs: readonly Layout[],
  dst: Layout,
): NativePrimitive {
  const sources = new Uint8Array(inputs.length * MEMORY_DESC_BYTES);
  inputs.forEach((input, i) => sources.set(descriptorBytes(input), i * MEMORY_DESC_BYTES));
  const d = descriptorBytes(dst);
  const descriptor = named(`concat ${axis} ${inputs.map(({ key }) => key).join(' ')}`, () =>
    withAttributes(context, {}, (attributes) =>
      created((out) =>
        context.dnnl.concat_primitive_desc_create(
          ...[out, d, inputs.length, axis, sources, attributes, context.engine],
        ),
      ),
    ),
  );
  return new NativePrimitive(context, descriptor, [
    ...inputs.map((_, i) => `input${i}` as const),
    'dst',
  ]);
}
