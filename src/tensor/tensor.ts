// Dtypes, shapes and host tensors: what leaves and enters an executor, always in the plain
// (row-major) layout.

/** Element types of values: f32 arithmetic, u8 pixels, i32 labels and indices. */
export type DType = 'f32' | 'u8' | 'i32';

/** Sizes of the axes, outermost first: activations [N,C,H,W], weights [O,I,KH,KW] or [O,K]. */
export type Shape = readonly number[];

/** Dtype and shape of a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** The typed array that holds a dtype on the host. The reference executor computes f32 values in
 *  float64. */
export type HostArray = Float32Array | Float64Array | Uint8Array | Int32Array;

/** A dense row-major tensor in host memory. */
export interface HostTensor<A extends HostArray = HostArray> extends TensorType {
  readonly data: A;
}

/** Number of elements of a shape (1 for a scalar `[]`). */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of one element. */
export function dtypeBytes(dtype: DType): number {
  return dtype === 'u8' ? 1 : 4;
}

/** True if both shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** "f32[128,3,32,32]", for messages. */
export function formatType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(',')}]`;
}

/** An f32 host tensor over `data`, or zeros. */
export function f32(shape: Shape, data?: Float32Array): HostTensor<Float32Array> {
  return { dtype: 'f32', shape, data: data ?? new Float32Array(elementCount(shape)) };
}

/** An i32 host tensor over `data`, or zeros. */
export function i32(shape: Shape, data?: Int32Array): HostTensor<Int32Array> {
  return { dtype: 'i32', shape, data: data ?? new Int32Array(elementCount(shape)) };
}

/** A u8 host tensor over `data`, or zeros. */
export function u8(shape: Shape, data?: Uint8Array): HostTensor<Uint8Array> {
  return { dtype: 'u8', shape, data: data ?? new Uint8Array(elementCount(shape)) };
}
