// Memory descriptors of oneDNN 2.x as immutable byte arrays with a readable name and an identity.
import { assert } from '../../../base/errors.js';
import type { ElementType, Layout } from '../engine.js';
import {
  dataTypes,
  formatKind,
  MAX_DIMS,
  MEMORY_DESC_BYTES,
  memoryDescOffset as at,
  FORMAT_TAG_ANY,
} from './abi.js';
import type { Symbols } from './symbols.js';

/** A layout that carries its dnnl_memory_desc_t. */
export interface V2Layout extends Layout {
  readonly bytes: Uint8Array;
}

/** A 12-entry dims array as oneDNN wants it. */
export function dimsArray(dims: readonly number[]): BigInt64Array {
  const out = new BigInt64Array(MAX_DIMS);
  dims.forEach((size, axis) => {
    out[axis] = BigInt(size);
  });
  return out;
}

/** The layout with format "any", or row-major. */
export function makeLayout(
  dnnl: Symbols,
  dims: readonly number[],
  type: ElementType,
  format: 'any' | 'plain',
): V2Layout {
  if (format === 'plain') return makeStrided(dnnl, dims, type, rowMajorStrides(dims));
  const bytes = new Uint8Array(MEMORY_DESC_BYTES);
  dnnl.memory_desc_init_by_tag(
    bytes,
    dims.length,
    dimsArray(dims),
    dataTypes[type],
    FORMAT_TAG_ANY,
  );
  return describe(dnnl, bytes);
}

/** A layout with explicit strides (in elements). */
export function makeStrided(
  dnnl: Symbols,
  dims: readonly number[],
  type: ElementType,
  strides: readonly number[],
): V2Layout {
  const bytes = new Uint8Array(MEMORY_DESC_BYTES);
  dnnl.memory_desc_init_by_strides(
    bytes,
    dims.length,
    dimsArray(dims),
    dataTypes[type],
    dimsArray(strides),
  );
  return describe(dnnl, bytes);
}

function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (dims[axis + 1] as number);
  }
  return strides;
}

/** Reads a descriptor; undefined for an empty one (the primitive has no such memory). */
export function readLayout(dnnl: Symbols, bytes: Uint8Array): V2Layout | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getInt32(at.numDims, true) === 0 ? undefined : describe(dnnl, bytes);
}

function describe(dnnl: Symbols, bytes: Uint8Array): V2Layout {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const rank = view.getInt32(at.numDims, true);
  const dims = numbers(view, at.dims, rank);
  const typeNumber = view.getInt32(at.dataType, true);
  const type = Object.entries(dataTypes).find(([, value]) => value === typeNumber)?.[0];
  assert(type !== undefined, `oneDNN data type ${typeNumber}`);
  const kind = view.getInt32(at.formatKind, true);
  const { text, identity } =
    kind === formatKind.blocked ? describeBlocked(view, rank) : describeOpaque(bytes, kind);
  return {
    bytes,
    dims,
    type: type as ElementType,
    sizeBytes: kind === formatKind.any ? 0 : Number(dnnl.memory_desc_get_size(bytes)),
    text,
    key: `${type}[${dims.join(',')}]${identity}`,
  };
}

function describeOpaque(bytes: Uint8Array, kind: number): { text: string; identity: string } {
  if (kind === formatKind.any) return { text: 'any', identity: 'any' };
  return { text: `opaque${kind}`, identity: Buffer.from(bytes).toString('base64') };
}

// oneDNN's own spelling: axes from the outermost, capitals for blocked ones, then the inner blocks ("aBcd16b").
function describeBlocked(view: DataView, rank: number): { text: string; identity: string } {
  const dims = numbers(view, at.dims, rank);
  const padded = numbers(view, at.paddedDims, rank);
  const numBlocks = view.getInt32(at.numInnerBlocks, true);
  const blocks = numbers(view, at.innerBlocks, numBlocks);
  const blockAxes = numbers(view, at.innerIndices, numBlocks);
  // The stride of an axis with one (block) step says nothing.
  const strides = numbers(view, at.strides, rank).map((stride, axis) => {
    const block = blocks.reduce((b, size, i) => (blockAxes[i] === axis ? b * size : b), 1);
    return (padded[axis] as number) / block === 1 ? 0 : stride;
  });
  const letter = (axis: number): string => String.fromCharCode(97 + axis);
  const outer = dims
    .map((_, axis) => axis)
    .sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b)
    .map((axis) => (blockAxes.includes(axis) ? letter(axis).toUpperCase() : letter(axis)))
    .join('');
  const inner = blocks.map((size, i) => `${size}${letter(blockAxes[i] as number)}`).join('');
  const offset = view.getBigInt64(at.offset0, true);
  return { text: outer + inner, identity: `p${padded}s${strides}b${inner}o${offset}` };
}

function numbers(view: DataView, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(offset + 8 * i, true)));
}
