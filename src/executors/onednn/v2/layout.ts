// Memory descriptors of oneDNN 2.x as immutable byte arrays with a readable name and an identity.
import { assert } from '../../../base/errors.js';
import type { ElementType } from '../engine.js';
import { dataTypes, formatKind, FORMAT_TAG_ANY } from '../binding/abi.js';
import { describeBlocks, type Description, dimsArray, stridesOf } from '../binding/blocks.js';
import type { NativeLayout } from '../binding/primitive.js';
import { MEMORY_DESC_BYTES, memoryDescOffset as at } from './abi.js';
import type { Symbols } from './symbols.js';

/** A layout that carries its dnnl_memory_desc_t. */
export type V2Layout = NativeLayout & { readonly descriptor: Uint8Array };

/** See OneDnnEngine.layout. */
export function makeLayout(
  dnnl: Symbols,
  dims: readonly number[],
  type: ElementType,
  format: 'any' | 'plain' | 'nhwc',
): V2Layout {
  if (format !== 'any') return makeStrided(dnnl, dims, type, stridesOf(dims, format));
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

/** The layout whose neighbours on each axis are `strides` elements apart. */
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
  const { text, identity, isPart, blockedAxes } =
    kind === formatKind.blocked ? describeBlocked(view, rank) : describeOpaque(bytes, kind);
  return {
    descriptor: bytes,
    dims,
    type: type as ElementType,
    sizeBytes: kind === formatKind.any ? 0 : Number(dnnl.memory_desc_get_size(bytes)),
    text,
    isPart,
    blockedAxes,
    key: `${type}[${dims.join(',')}]${identity}`,
  };
}

function describeOpaque(bytes: Uint8Array, kind: number): Description {
  if (kind === formatKind.any)
    return { text: 'any', identity: 'any', isPart: false, blockedAxes: [] };
  return {
    text: `opaque${kind}`,
    identity: Buffer.from(bytes).toString('base64'),
    isPart: false,
    blockedAxes: [],
  };
}

function describeBlocked(view: DataView, rank: number): Description {
  const numBlocks = view.getInt32(at.numInnerBlocks, true);
  return describeBlocks({
    dims: numbers(view, at.dims, rank),
    paddedDims: numbers(view, at.paddedDims, rank),
    strides: numbers(view, at.strides, rank),
    innerBlocks: numbers(view, at.innerBlocks, numBlocks),
    innerAxes: numbers(view, at.innerIndices, numBlocks),
    offset: Number(view.getBigInt64(at.offset0, true)),
  });
}

function numbers(view: DataView, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(offset + 8 * i, true)));
}
