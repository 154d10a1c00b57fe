// Products of matrices, softmax along the last axis, and concatenation.
import { algorithm, propKind } from '../binding/abi.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { Layout } from '../engine.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** dst = src weights. */
export function matmul(
  context: V3Context,
  src: Layout,
  weights: Layout,
  dst: Layout,
): NativePrimitive {
  const { dnnl, engine } = context;
  const [s, w, d] = [src, weights, dst].map(descriptorAddress) as [bigint, bigint, bigint];
  return createPrimitive(context, {
    problem: `matmul ${src.key} * ${weights.key} -> ${dst.key}`,
    roles: ['src', 'weights', 'dst'],
    make: (out, attr) => dnnl.matmul_primitive_desc_create(out, engine, s, w, null, d, attr),
  });
}

/** dst = softmax of src along the last axis. */
export function softmax(context: V3Context, data: Layout): NativePrimitive {
  const { dnnl, engine } = context;
  const d = descriptorAddress(data);
  const numbers = [propKind.forwardTraining, algorithm.softmaxAccurate] as const;
  return createPrimitive(context, {
    problem: `softmax ${data.key}`,
    roles: ['src', 'dst'],
    make: (out, attr) =>
      dnnl.softmax_forward_primitive_desc_create(
        ...[out, engine, ...numbers, d, d, data.dims.length - 1, attr],
      ),
  });
}

/** diffSrc from dst and diffDst. */
export function softmaxBackward(
  context: V3Context,
  data: Layout,
  hint: NativePrimitive,
): NativePrimitive {
  const { dnnl, engine } = context;
  const d = descriptorAddress(data);
  const axis = data.dims.length - 1;
  return createPrimitive(context, {
    problem: `softmax backward ${data.key}`,
    roles: ['dst', 'diffDst', 'diffSrc'],
    make: (out, attr) =>
      dnnl.softmax_backward_primitive_desc_create(
        ...[out, engine, algorithm.softmaxAccurate, d, d, d, axis, hint.descriptor, attr],
      ),
  });
}

/** dst = the inputs one after another along `axis`. */
export function concat(
  context: V3Context,
  axis: number,
  inputs: readonly Layout[],
  dst: Layout,
): NativePrimitive {
  const { dnnl, engine } = context;
  const sources = BigUint64Array.from(inputs, descriptorAddress);
  const d = descriptorAddress(dst);
  return createPrimitive(context, {
    problem: `concat ${axis} ${inputs.map(({ key }) => key).join(' ')}`,
    roles: [...inputs.map((_, i) => `input${i}` as const), 'dst'],
    make: (out, attr) =>
      dnnl.concat_primitive_desc_create(out, engine, d, inputs.length, axis, sources, attr),
  });
}
