// State slots in native memory, in oneDNN's layouts; read and written in the plain layout.
import { assert } from '../../base/errors.js';
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
  readonly #slots: Map<string, Held>;

  /** @param types dtype and shape of every slot, by name
   *  @param layouts where its elements lie, by name
   *  @throws NativeError if there is not that much memory */
  constructor(
    engine: OneDnnEngine,
    types: ReadonlyMap<string, TensorType>,
    layouts: ReadonlyMap<string, Layout>,
  ) {
    this.#engine = engine;
    this.#slots = new Map(
      [...types].map(([name, type]) => {
        const layout = layouts.get(name);
        assert(layout, `slot ${name} has no layout`);
        return [name, { type, layout, memory: new NativeMemory(layout.sizeBytes) }];
      }),
    );
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

  /** Sets a slot from a row-major tensor of its type. */
  write(name: string, tensor: HostTensor): void {
    this.#throughPlain(this.#held(name), (plain) => plain.set(tensor.data), 'to-slot');
  }

  /** A copy in the plain layout: Float32Array for f32, Int32Array for i32, Uint8Array for u8. */
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
    assert(held, `no slot is named ${name}`);
    return held;
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

/** `count` elements of native memory from byte `offset`, as the typed array of a dtype; its shape
 *  does not matter. */
export function viewOf(
  memory: NativeMemory,
  { dtype }: TensorType,
  count: number,
  offset = 0,
): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'f32') return memory.float32(count, offset);
  return dtype === 'i32' ? memory.int32(count, offset) : memory.uint8(count, offset);
}
