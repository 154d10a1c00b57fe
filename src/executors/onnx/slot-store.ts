// State of an executable: the union of its entries' slots. Slots that a program updates lie twice:
// a run reads one copy and writes the other, and they change places once it has ended.
import { assert } from '../../base/errors.js';
import {
  dtypeBytes,
  elementCount,
  type HostArray,
  type HostTensor,
  type TensorType,
} from '../../tensor/tensor.js';

/** A tensor as onnxruntime takes it: Float32Array for f32. */
export type PlainTensor = HostTensor<Float32Array | Int32Array | Uint8Array>;

interface Held {
  now: PlainTensor;
  spare: PlainTensor | undefined;
}

/** Slots by name, zero at first. */
export class SlotStore {
  readonly #slots: Map<string, Held>;

  /** @param types dtype and shape of every slot, by name */
  constructor(types: ReadonlyMap<string, TensorType>) {
    this.#slots = new Map(
      [...types].map(([name, type]) => [name, { now: zeros(type), spare: undefined }]),
    );
  }

  /** What the slot holds now; not to be changed. */
  get(name: string): PlainTensor {
    return this.#held(name).now;
  }

  /** Where its next value is to be written. */
  spare(name: string): PlainTensor {
    const held = this.#held(name);
    held.spare ??= zeros(held.now);
    return held.spare;
  }

  /** Makes what was written to the spare the slot's value. */
  swap(name: string): void {
    const held = this.#held(name);
    [held.now, held.spare] = [this.spare(name), held.now];
  }

  /** Keeps a copy of `tensor`, which has the slot's type. */
  write(name: string, tensor: HostTensor): void {
    this.#held(name).now.data.set(tensor.data);
  }

  /** A copy. */
  read(name: string): PlainTensor {
    const { dtype, shape, data } = this.get(name);
    return { dtype, shape, data: data.slice() };
  }

  /** Bytes of all slots, both copies of those in `updated`. */
  bytes(updated: ReadonlySet<string>): number {
    return [...this.#slots].reduce((sum, [name, { now }]) => {
      const once = elementCount(now.shape) * dtypeBytes(now.dtype);
      return sum + (updated.has(name) ? 2 * once : once);
    }, 0);
  }

  #held(name: string): Held {
    const held = this.#slots.get(name);
    assert(held, `no slot is named ${name}`);
    return held;
  }
}

/** Zeros of a type. */
export function zeros({ dtype, shape }: TensorType): PlainTensor {
  const count = elementCount(shape);
  if (dtype === 'f32') return { dtype, shape, data: new Float32Array(count) };
  return { dtype, shape, data: dtype === 'u8' ? new Uint8Array(count) : new Int32Array(count) };
}

/** The tensor over memory that onnxruntime can read: f32 as float32, no shared memory, no subclass
 *  of a typed array. */
export function plain({ dtype, shape, data }: HostTensor): PlainTensor {
  if (isPlain(data)) return { dtype, shape, data };
  const tensor = zeros({ dtype, shape });
  tensor.data.set(data);
  return tensor;
}

function isPlain(data: HostArray): data is PlainTensor['data'] {
  const isOwn = data.buffer instanceof ArrayBuffer;
  return isOwn && [Float32Array, Int32Array, Uint8Array].some((type) => data.constructor === type);
}
