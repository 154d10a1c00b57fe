// Primitives over an owned primitive descriptor, and calls of them: the same in both generations of
// oneDNN.
import koffi from 'koffi';
import { assert, NativeError } from '../../../base/errors.js';
import type { Addresses, Call, Layout, Primitive, Role } from '../engine.js';
import { NativeMemory } from '../native-memory.js';
import { EXEC_ARG_BYTES, queryImplementation, roleNumbers } from './abi.js';
import { type Argument, checkStatus, type CommonSymbols } from './symbols.js';

/** A layout with what stands for it in calls: dnnl_memory_desc_t's bytes (2.x) or its address
 *  (3.x). */
export interface NativeLayout extends Layout {
  readonly descriptor: Uint8Array | bigint;
  /** Begins inside its memory: oneDNN tells no size of it. */
  readonly isPart: boolean;
}

/** What creating and running primitives needs. */
export interface Context {
  readonly dnnl: CommonSymbols;
  readonly engine: bigint;
  readonly stream: bigint;
  /** Layout of a memory of a primitive descriptor; undefined if it has no such memory. */
  readonly layoutOf: (
    primitiveDescriptor: bigint,
    query: number,
    index: number,
  ) => NativeLayout | undefined;
}

/** A number that a primitive reads from memory when it runs. */
export interface RuntimeScalar {
  /** Execution argument. */
  readonly arg: number;
  readonly value: number;
  readonly layout: NativeLayout;
}

/** The address that `fill` wrote to its argument, 8 bytes for a pointer.
 *  @throws NativeError of `fill` */
export function created(fill: (out: BigUint64Array) => void): bigint {
  const out = new BigUint64Array(1);
  fill(out);
  return out[0] as bigint;
}

/** What stands for a layout made by this binding. */
export function descriptorOf(layout: Layout): Uint8Array | bigint {
  return (layout as NativeLayout).descriptor;
}

/** What `make` returns. @throws NativeError of `make`, with the problem added to its message */
export function named<T>(problem: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    throw new NativeError(`${cause.message} for ${problem}`, { cause, data: cause.data });
  }
}

/** What a post-operation reads: its role, execution argument and layout, made by the same
 *  binding. */
export interface Operand {
  readonly role: Role;
  readonly arg: number;
  readonly layout: Layout;
}

/** A primitive over an owned dnnl_primitive_desc_t. */
export class NativePrimitive implements Primitive {
  readonly #context: Context;
  /** dnnl_primitive_desc_t; also the hint of backward primitives. */
  readonly descriptor: bigint;
  readonly #roles: readonly Role[];
  readonly #scalars: readonly RuntimeScalar[];
  readonly #layouts = new Map<Role, NativeLayout | undefined>();
  readonly #memories: bigint[] = [];
  readonly #owned: NativeMemory[] = [];
  readonly #arguments: ReadonlyMap<Role, number>;
  #primitive: bigint | undefined;

  /** @param roles the memories of this kind of operation; workspace and scratchpad are looked for
   *  besides
   *  @param operands of post-operations, which are further roles */
  constructor(
    context: Context,
    descriptor: bigint,
    roles: readonly Role[],
    scalars: readonly RuntimeScalar[] = [],
    operands: readonly Operand[] = [],
  ) {
    this.#context = context;
    this.descriptor = descriptor;
    this.#roles = [...roles, ...operands.map(({ role }) => role), 'workspace', 'scratchpad'];
    this.#scalars = scalars;
    for (const { role, layout } of operands) this.#layouts.set(role, layout as NativeLayout);
    this.#arguments = new Map(operands.map(({ role, arg }) => [role, arg]));
  }

  get implementation(): string {
    const text = created((out) =>
      this.#context.dnnl.primitive_desc_query(this.descriptor, queryImplementation, 0, out),
    );
    return koffi.decode(text, 'char', -1) as string;
  }

  layout(role: Role): NativeLayout | undefined {
    if (!this.#roles.includes(role)) return undefined;
    if (!this.#layouts.has(role)) {
      const { query, index } = roleNumbers(role);
      this.#layouts.set(role, this.#context.layoutOf(this.descriptor, query, index));
    }
    return this.#layouts.get(role);
  }

  bytes(role: Role): number {
    return this.layout(role)?.sizeBytes ?? 0;
  }

  /** See {@link Primitive}. @throws NativeError if oneDNN cannot make it or memory is short;
   *  SelfferError ("internal: ...") if a role has no address */
  bind(addresses: Addresses): Call {
    const { dnnl, stream } = this.#context;
    this.#primitive ??= created((out) => dnnl.primitive_create(out, this.descriptor));
    const given = this.#roles
      .filter((role) => this.bytes(role) > 0 || this.layout(role)?.isPart)
      .map((role): [number, bigint] => {
        const address = addresses[role];
        assert(address !== undefined, `oneDNN primitive without an address for ${role}`);
        const arg = this.#arguments.get(role) ?? roleNumbers(role).arg;
        return [arg, this.#memory(this.layout(role) as NativeLayout, address)];
      });
    const all = [...given, ...this.#scalars.map((scalar) => this.#scalarArgument(scalar))];
    const native = this.#own(Math.max(1, all.length) * EXEC_ARG_BYTES);
    const ints = native.int32(native.byteLength / 4);
    const pointers = new BigUint64Array(ints.buffer);
    all.forEach(([argument, memory], i) => {
      ints[4 * i] = argument;
      pointers[2 * i + 1] = memory;
    });
    return makeCall(dnnl, this.#primitive, stream, all.length, native.address);
  }

  #scalarArgument({ arg, value, layout }: RuntimeScalar): [number, bigint] {
    const native = this.#own(4);
    native.float32(1)[0] = value;
    return [arg, this.#memory(layout, native.address)];
  }

  #own(bytes: number): NativeMemory {
    const native = new NativeMemory(bytes);
    this.#owned.push(native);
    return native;
  }

  #memory(layout: NativeLayout, address: bigint): bigint {
    const { dnnl, engine } = this.#context;
    const descriptor: Argument = layout.descriptor;
    const memory = created((out) => dnnl.memory_create(out, descriptor, engine, address));
    this.#memories.push(memory);
    return memory;
  }

  release(): void {
    const { dnnl } = this.#context;
    for (const memory of this.#memories.splice(0)) dnnl.memory_destroy(memory);
    for (const native of this.#owned.splice(0)) native.release();
    if (this.#primitive !== undefined) dnnl.primitive_destroy(this.#primitive);
    this.#primitive = undefined;
    dnnl.primitive_desc_destroy(this.descriptor);
  }
}

function makeCall(
  dnnl: CommonSymbols,
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
