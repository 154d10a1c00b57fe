// What a blocked layout is called and when two are the same, for both generations of oneDNN.
import type { Sliding } from '../../../tensor/window.js';
import { MAX_DIMS } from './abi.js';

/** The fields of a blocked memory descriptor. */
export interface BlockedFields {
  readonly dims: readonly number[];
  readonly paddedDims: readonly number[];
  /** In elements, of the outermost block of each axis. */
  readonly strides: readonly number[];
  readonly innerBlocks: readonly number[];
  /** Axis of each inner block. */
  readonly innerAxes: readonly number[];
  /** In elements. */
  readonly offset: number;
}

/** What a layout is called, its identity, whether it begins inside its memory, and its blocks. */
export interface Description {
  readonly text: string;
  readonly identity: string;
  readonly isPart: boolean;
  readonly blockedAxes: readonly number[];
}

/** oneDNN's own spelling: axes from the outermost, capitals for blocked ones, then the inner blocks
 *  ("aBcd16b"); and an identity that is equal where the same bytes mean the same tensor. */
export function describeBlocks(fields: BlockedFields): Description {
  const { dims, paddedDims, innerBlocks, innerAxes, offset } = fields;
  // The stride of an axis with one (block) step says nothing.
  const strides = fields.strides.map((stride, axis) => {
    const block = innerBlocks.reduce((b, size, i) => (innerAxes[i] === axis ? b * size : b), 1);
    return (paddedDims[axis] as number) / block === 1 ? 0 : stride;
  });
  const letter = (axis: number): string => String.fromCharCode(97 + axis);
  const outer = dims
    .map((_, axis) => axis)
    .sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b)
    .map((axis) => (innerAxes.includes(axis) ? letter(axis).toUpperCase() : letter(axis)))
    .join('');
  const inner = innerBlocks.map((size, i) => `${size}${letter(innerAxes[i] as number)}`).join('');
  return {
    text: outer + inner,
    identity: `p${paddedDims}s${strides}b${inner}o${offset}`,
    isPart: offset !== 0,
    blockedAxes: [...innerAxes],
  };
}

/** Elements from one neighbour to the next on each axis of a row-major tensor. */
export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (dims[axis + 1] as number);
  }
  return strides;
}

/** Strides of a layout by name; `nhwc`: channels last of [N,C,H,W]. */
export function stridesOf(dims: readonly number[], format: 'plain' | 'nhwc'): number[] {
  if (format === 'plain') return rowMajorStrides(dims);
  const [, c, h, w] = dims as readonly [number, number, number, number];
  return [h * w * c, 1, w * c, c];
}

/** Sizes, strides or offsets as oneDNN wants them: int64 [12], zero behind the given ones. */
export function dimsArray(dims: readonly number[]): BigInt64Array {
  const out = new BigInt64Array(MAX_DIMS);
  dims.forEach((size, axis) => {
    out[axis] = BigInt(size);
  });
  return out;
}

/** How a window moves, as oneDNN wants it: strides, dilations (0 for none), padding at the top and
 *  left, padding at the bottom and right. */
export function slidingArrays({ stride, dilation, pads }: Sliding) {
  return {
    strides: dimsArray(stride),
    dilates: dimsArray(dilation.map((step) => step - 1)),
    before: dimsArray(pads.slice(0, 2)),
    after: dimsArray(pads.slice(2)),
  };
}
