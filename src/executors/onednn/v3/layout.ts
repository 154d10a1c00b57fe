// Memory descriptors of oneDNN 3.x: objects that are asked for their fields. They live as long as
// their keeper, an engine or one of its scopes.
import koffi from 'koffi';
import { assert } from '../../../base/errors.js';
import { dataTypes, formatKind, FORMAT_TAG_ANY } from '../binding/abi.js';
import { describeBlocks, type Description, dimsArray, stridesOf } from '../binding/blocks.js';
import { created, type NativeLayout } from '../binding/primitive.js';
import type { ElementType } from '../engine.js';
import { descriptorQuery } from './abi.js';
import type { Symbols } from './symbols.js';

/** A layout that carries the address of its dnnl_memory_desc. */
export type V3Layout = NativeLayout & { readonly descriptor: bigint };

/** How many descriptors exist. */
export interface DescriptorCount {
  alive: number;
}

/** Makes layouts and frees them all at once. Equal layouts are one: asking again and again, as each
 *  read of a slot does, makes no more of them. */
export class Layouts {
  readonly #dnnl: Symbols;
  readonly #count: DescriptorCount;
  readonly #descriptors: bigint[] = [];
  // What was asked for -> its layout; the layouts by their keys.
  readonly #made = new Map<string, V3Layout>();
  readonly #byKey = new Map<string, V3Layout>();

  constructor(dnnl: Symbols, count: DescriptorCount) {
    this.#dnnl = dnnl;
    this.#count = count;
  }

  /** See OneDnnEngine.layout. */
  make(dims: readonly number[], type: ElementType, format: 'any' | 'plain' | 'nhwc'): V3Layout {
    const asked = `${format} ${type} ${dims.join()}`;
    const known = this.#made.get(asked);
    if (known) return known;
    const made =
      format === 'any'
        ? this.#keep((out) =>
            this.#dnnl.memory_desc_create_with_tag(
              ...[out, dims.length, dimsArray(dims), dataTypes[type], FORMAT_TAG_ANY],
            ),
          )
        : this.strided(dims, type, stridesOf(dims, format));
    this.#made.set(asked, made);
    return made;
  }

  /** The layout whose neighbours on each axis are `strides` elements apart. */
  strided(dims: readonly number[], type: ElementType, strides: readonly number[]): V3Layout {
    return this.#keep((out) =>
      this.#dnnl.memory_desc_create_with_strides(
        ...[out, dims.length, dimsArray(dims), dataTypes[type], dimsArray(strides)],
      ),
    );
  }

  /** `dims` elements of each axis from `offsets`; undefined if a block would be cut. */
  part(
    layout: V3Layout,
    dims: readonly number[],
    offsets: readonly number[] = dims.map(() => 0),
  ): V3Layout | undefined {
    const [sizes, starts] = [dimsArray(dims), dimsArray(offsets)];
    try {
      return this.#keep((out) =>
        this.#dnnl.memory_desc_create_submemory(out, layout.descriptor, sizes, starts),
      );
    } catch {
      return undefined;
    }
  }

  /** The layout of a descriptor that a primitive descriptor owns; undefined for an empty one. */
  copy(owned: bigint): V3Layout | undefined {
    if (number32(this.#dnnl, owned, descriptorQuery.rank) === 0) return undefined;
    return (
      this.#byKey.get(describe(this.#dnnl, owned).key) ??
      this.#keep((out) => this.#dnnl.memory_desc_clone(out, owned))
    );
  }

  /** Frees all descriptors. */
  release(): void {
    for (const descriptor of this.#descriptors.splice(0)) this.#destroy(descriptor);
    this.#made.clear();
    this.#byKey.clear();
  }

  #keep(make: (out: BigUint64Array) => void): V3Layout {
    const descriptor = created(make);
    this.#count.alive += 1;
    const layout = describe(this.#dnnl, descriptor);
    const known = this.#byKey.get(layout.key);
    if (known) {
      this.#destroy(descriptor);
      return known;
    }
    this.#descriptors.push(descriptor);
    this.#byKey.set(layout.key, layout);
    return layout;
  }

  #destroy(descriptor: bigint): void {
    this.#dnnl.memory_desc_destroy(descriptor);
    this.#count.alive -= 1;
  }
}

function describe(dnnl: Symbols, descriptor: bigint): V3Layout {
  const rank = number32(dnnl, descriptor, descriptorQuery.rank);
  const dims = numbers(dnnl, descriptor, descriptorQuery.dims, rank);
  const typeNumber = number32(dnnl, descriptor, descriptorQuery.dataType);
  const type = Object.entries(dataTypes).find(([, value]) => value === typeNumber)?.[0];
  assert(type !== undefined, `oneDNN data type ${typeNumber}`);
  const kind = number32(dnnl, descriptor, descriptorQuery.formatKind);
  const { text, identity, isPart, blockedAxes } =
    kind === formatKind.blocked
      ? describeBlocked(dnnl, descriptor, dims)
      : describeOther(descriptor, kind);
  return {
    descriptor,
    dims,
    type: type as ElementType,
    sizeBytes: kind === formatKind.any ? 0 : Number(dnnl.memory_desc_get_size(descriptor)),
    text,
    isPart,
    blockedAxes,
    key: `${type}[${dims.join(',')}]${identity}`,
  };
}

// An opaque layout is the same as itself only.
function describeOther(descriptor: bigint, kind: number): Description {
  if (kind === formatKind.any)
    return { text: 'any', identity: 'any', isPart: false, blockedAxes: [] };
  return {
    text: `opaque${kind}`,
    identity: `opaque at ${descriptor}`,
    isPart: false,
    blockedAxes: [],
  };
}

function describeBlocked(dnnl: Symbols, descriptor: bigint, dims: readonly number[]): Description {
  const blockCount = number32(dnnl, descriptor, descriptorQuery.innerBlockCount);
  const offset = new BigInt64Array(1);
  dnnl.memory_desc_query(descriptor, descriptorQuery.offset, offset);
  return describeBlocks({
    dims,
    paddedDims: numbers(dnnl, descriptor, descriptorQuery.paddedDims, dims.length),
    strides: numbers(dnnl, descriptor, descriptorQuery.strides, dims.length),
    innerBlocks: numbers(dnnl, descriptor, descriptorQuery.innerBlocks, blockCount),
    innerAxes: numbers(dnnl, descriptor, descriptorQuery.innerAxes, blockCount),
    offset: Number(offset[0]),
  });
}

function number32(dnnl: Symbols, descriptor: bigint, query: number): number {
  const out = new Int32Array(1);
  dnnl.memory_desc_query(descriptor, query, out);
  return out[0] as number;
}

function numbers(dnnl: Symbols, descriptor: bigint, query: number, count: number): number[] {
  if (count === 0) return [];
  const address = created((out) => dnnl.memory_desc_query(descriptor, query, out));
  return Array.from(koffi.decode(address, 'int64_t', count) as ArrayLike<number | bigint>, Number);
}
