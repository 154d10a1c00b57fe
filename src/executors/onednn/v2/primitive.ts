// Primitive descriptors, primitives and calls of oneDNN 2.x.
import koffi from 'koffi';
import { assert } from '../../../base/errors.js';
import type { Addresses, Call, Layout, Primitive, Role } from '../engine.js';
import { NativeMemory } from '../native-memory.js';
import {
  algorithm,
  EXEC_ARG_BYTES,
  MEMORY_DESC_BYTES,
  queryImplementation,
  roleNumbers,
} from './abi.js';
import { readLayout, type V2Layout } from './layout.js';
import { checkStatus, type Symbols } from './symbols.js';

/** What creating and running primitives needs. */
export interface Context {
  readonly dnnl: Symbols;
  readonly engine: bigint;
  readonly stream: bigint;
}

/** Reads the address that `fill` wrote to its argument. */
export function created(fill: (out: BigUint64Array) => void): bigint {
  const out = new BigUint64Array(1);
  fill(out);
  return out[0] as bigint;
}

/** What is done to an operation's inputs and result besides. */
export interface Extras {
  /** Factors of src and src1. */
  readonly scales?: readonly [number, number];
  /** The result is added to this times the old contents of dst. */
  readonly keptDst?: number;
  /** ReLU of the result. */
  readonly relu?: boolean;
}

/** Runs `use` with attributes: scratchpad given by us, and the extras. */
export function withAttributes<T>(
  { dnnl }: Context,
  { scales, keptDst, relu }: Extras,
  use: (attributes: bigint) => T,
): T {
  const attributes = created((out) => dnnl.primitive_attr_create(out));
  try {
    const scratchpadModeUser = 1;
    dnnl.primitive_attr_set_scratchpad_mode(attributes, scratchpadModeUser);
    scales?.forEach((scale, i) => {
      const { arg } = roleNumbers(i === 0 ? 'src' : 'src1');
      dnnl.primitive_attr_set_scales(attributes, arg, 1, 0, Float32Array.of(scale));
    });
    if (relu || keptDst !== undefined) {
      const postOps = created((out) => dnnl.post_ops_create(out));
      if (keptDst !== undefined) dnnl.post_ops_append_sum(postOps, keptDst);
      if (relu) dnnl.post_ops_append_eltwise(postOps, 1, algorithm.eltwiseRelu, 0, 0);
      dnnl.primitive_attr_set_post_ops(attributes, postOps); // copies
      dnnl.post_ops_destroy(postOps);
    }
    return use(attributes); // a primitive descriptor copies its attributes
  } finally {
    dnnl.primitive_attr_destroy(attributes);
  }
}

/** A primitive over an owned dnnl_primitive_desc_t. */
export class V2Primitive implements Primitive {
  readonly #context: Context;
  /** dnnl_primitive_desc_t, the hint of backward primitives. */
  readonly descriptor: bigint;
  readonly #roles: readonly Role[];
  readonly #layouts = new Map<Role, V2Layout | undefined>();
  readonly #memories: bigint[] = [];
  readonly #arguments: NativeMemory[] = [];
  #primitive: bigint | undefined;

  /** @param roles the memories of this kind of operation; workspace and scratchpad are looked for besides. */
  constructor(context: Context, descriptor: bigint, roles: readonly Role[]) {
    this.#context = context;
    this.descriptor = descriptor;
    this.#roles = [...roles, 'workspace', 'scratchpad'];
  }

  get implementation(): string {
    const text = created((out) =>
      this.#context.dnnl.primitive_desc_query(this.descriptor, queryImplementation, 0, out),
    );
    return koffi.decode(text, 'char', -1) as string;
  }

  layout(role: Role): V2Layout | undefined {
    if (!this.#roles.includes(role)) return undefined;
    if (!this.#layouts.has(role)) this.#layouts.set(role, this.#query(role));
    return this.#layouts.get(role);
  }

  #query(role: Role): V2Layout | undefined {
    const { dnnl } = this.#context;
    const { query, index } = roleNumbers(role);
    const out = new BigUint64Array(1);
    try {
      dnnl.primitive_desc_query(this.descriptor, query, index, out);
    } catch {
      return undefined; // not_required: no such memory
    }
    const address = out[0] as bigint;
    if (address === 0n) return undefined;
    const bytes = koffi.decode(address, koffi.array('uint8_t', MEMORY_DESC_BYTES, 'Typed'));
    return readLayout(dnnl, Uint8Array.from(bytes as Uint8Array));
  }

  bytes(role: Role): number {
    return this.layout(role)?.sizeBytes ?? 0;
  }

  bind(addresses: Addresses): Call {
    const { dnnl, stream } = this.#context;
    this.#primitive ??= created((out) => dnnl.primitive_create(out, this.descriptor));
    const used = this.#roles.filter((role) => this.bytes(role) > 0);
    const native = new NativeMemory(Math.max(1, used.length) * EXEC_ARG_BYTES);
    this.#arguments.push(native);
    const ints = native.int32(native.byteLength / 4);
    const pointers = new BigUint64Array(ints.buffer);
    used.forEach((role, i) => {
      const address = addresses[role];
      assert(address !== undefined, `oneDNN primitive without an address for ${role}`);
      ints[4 * i] = roleNumbers(role).arg;
      pointers[2 * i + 1] = this.#memory(this.layout(role) as V2Layout, address);
    });
    return makeCall(dnnl, this.#primitive, stream, used.length, native.address);
  }

  #memory(layout: V2Layout, address: bigint): bigint {
    const { dnnl, engine } = this.#context;
    const memory = created((out) => dnnl.memory_create(out, layout.bytes, engine, address));
    this.#memories.push(memory);
    return memory;
  }

  release(): void {
    const { dnnl } = this.#context;
    for (const memory of this.#memories.splice(0)) dnnl.memory_destroy(memory);
    for (const native of this.#arguments.splice(0)) native.release();
    if (this.#primitive !== undefined) dnnl.primitive_destroy(this.#primitive);
    this.#primitive = undefined;
    dnnl.primitive_desc_destroy(this.descriptor);
  }
}

function makeCall(
  dnnl: Symbols,
  primitive: bigint,
  stream: bigint,
  count: number,
  args: bigint,
): Call {
  const execute = dnnl.executeRaw;
  return {
    run(): void {
      // The CPU stream is in order and synchronous: when this returns the work is done.
      const status = execute(primitive, stream, count, args);
      if (status !== 0) checkStatus('primitive_execute', status);
    },
  };
}

/** The bytes of a layout made by this binding. */
export function descriptorBytes(layout: Layout): Uint8Array {
  return (layout as V2Layout).bytes;
}
