// State slots in native memory, in oneDNN's layouts; read and written in the plain layout.
import { ShapeError } from '../../base/errors.js';
import { requireData, requireType } from '../../tensor/check.js';
import {
  elementCount,
  type HostArray,
  type HostTensor,
  type TensorType,
} from '../../tensor/tensor.js';
import type { Layout, OneDnnEngine } from './engine.js';
import { NativeMemory } from './native-memory.js';

interface Held {
  readonly type: TensorType;
  readonly layout: Layout;
  readonly memory: NativeMemory;
}

/** All slots of an executable, zero at first. */
export class SlotMemory {
  readonly #engine: OneDnnEngine;
  readonly #slots = new Map<string, Held>();

  constructor(engine: OneDnnEngine) {
    this.#engine = engine;
  }

  /** Adds a slot, or checks one that is there. @throws ShapeError if its type differs */
  declare(name: string, type: TensorType, layout: Layout): void {
    const known = this.#slots.get(name);
    if (known) requireType(`slot ${name}`, type, known.type);
    else this.#slots.set(name, { type, layout, memory: new NativeMemory(layout.sizeBytes) });
  }

  /** Native address of a slot. */
  address(name: string): bigint {
    return this.#held(name).memory.address;
  }

  /** Memory of a slot, for views. */
  memory(name: string): NativeMemory {
    return this.#held(name).memory;
  }

  /** Bytes of all slots. */
  get totalBytes(): number {
    return [...this.#slots.values()].reduce((sum, { memory }) => sum + memory.byteLength, 0);
  }

  /** @throws ShapeError if name or type do not fit */
  write(name: string, tensor: HostTensor): void {
    const held = this.#held(name);
    requireType(`slot ${name}`, tensor, held.type);
    requireData(`slot ${name}`, tensor);
    this.#throughPlain(held, (plain) => plain.set(tensor.data), 'to-slot');
  }

  /** A copy in the plain layout. @throws ShapeError if there is no such slot */
  read(name: string): HostTensor {
    const held = this.#held(name);
    let data: HostArray = new Float32Array();
    this.#throughPlain(held, (plain) => (data = plain.slice()), 'from-slot');
    return { dtype: held.type.dtype, shape: held.type.shape, data };
  }

  /** Frees everything. */
  release(): void {
    for (const { memory } of this.#slots.values()) memory.release();
    this.#slots.clear();
  }

  #held(name: string): Held {
    const held = this.#slots.get(name);
    if (held) return held;
    throw new ShapeError(
      `no slot is named ${name}; there are ${[...this.#slots.keys()].join(', ')}`,
    );
  }

  // Reorders between the slot and row-major staging memory, unless the slot is row-major itself.
  #throughPlain(
    { type, layout, memory }: Held,
    use: (plain: HostArray) => void,
    direction: 'to-slot' | 'from-slot',
  ): void {
    const count = elementCount(type.shape);
    const plain = this.#engine.layout(layout.dims, layout.type, 'plain');
    if (plain.key === layout.key) return use(viewOf(memory, type, count));
    const staging = new NativeMemory(plain.sizeBytes);
    try {
      if (direction === 'to-slot') use(viewOf(staging, type, count));
      const [from, to] = direction === 'to-slot' ? [plain, layout] : [layout, plain];
      const [src, dst] = direction === 'to-slot' ? [staging, memory] : [memory, staging];
      this.#reorder(from, to, src.address, dst.address);
      if (direction === 'from-slot') use(viewOf(staging, type, count));
    } finally {
      staging.release();
    }
  }

  #reorder(from: Layout, to: Layout, src: bigint, dst: bigint): void {
    const primitive = this.#engine.reorder(from, to);
    const scratch = new NativeMemory(primitive.bytes('scratchpad'));
    primitive.bind({ src, dst, scratchpad: scratch.address }).run();
    primitive.release();
    scratch.release();
  }
}

/** The typed array over native memory that a dtype asks for. */
export function viewOf(
  memory: NativeMemory,
  { dtype }: TensorType,
  count: number,
  offset = 0,
): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'f32') return memory.float32(count, offset);
  return dtype === 'i32' ? memory.int32(count, offset) : memory.uint8(count, offset);
}
