// State of a reference executable: the union of its entries' slots.
import { assert } from '../../base/errors.js';
import { type HostTensor, type TensorType } from '../../tensor/tensor.js';
import { zeros } from './kernel.js';

/** Precision in which f32 slots rest between runs. `f32`: as every other executor, so that what
 *  {@link SlotStore.read} gives holds the whole state. `f64`: nothing is ever rounded, for gradient
 *  checks. */
export type StateDtype = 'f32' | 'f64';

/** Slots by name, zero at first. Tensors in it are never changed in place: a running entry may hold
 *  them. */
export class SlotStore {
  readonly #slots: Map<string, HostTensor>;
  readonly #state: StateDtype;

  /** @param types dtype and shape of every slot, by name */
  constructor(types: ReadonlyMap<string, TensorType>, state: StateDtype) {
    this.#state = state;
    this.#slots = new Map([...types].map(([name, type]) => [name, zeros(type)]));
  }

  /** The tensor held now: float64 for f32, Int32Array for i32, Uint8Array for u8. */
  get(name: string): HostTensor {
    const tensor = this.#slots.get(name);
    assert(tensor, `no slot is named ${name}`);
    return tensor;
  }

  /** Keeps `tensor`, a tensor of the slot's type that nobody changes (float64 for f32), rounded to
   *  the state's precision. */
  set(name: string, tensor: HostTensor): void {
    const isRounded = tensor.dtype === 'f32' && this.#state === 'f32';
    this.#slots.set(name, isRounded ? asReals(new Float32Array(tensor.data), tensor) : tensor);
  }

  /** Keeps a copy of `tensor`, which has the slot's type. */
  write(name: string, tensor: HostTensor): void {
    this.set(name, privateCopy(tensor));
  }

  /** A copy; f32 as Float32Array, or Float64Array where the state is f64. */
  read(name: string): HostTensor {
    const { dtype, shape, data } = this.get(name);
    const isSingle = dtype === 'f32' && this.#state === 'f32';
    return { dtype, shape, data: isSingle ? new Float32Array(data) : data.slice() };
  }

  /** Bytes held. */
  get bytes(): number {
    return [...this.#slots.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  }
}

/** A copy of a tensor in the executor's own precision: f32 as Float64Array. */
export function privateCopy(tensor: HostTensor): HostTensor {
  const { dtype, shape, data } = tensor;
  if (dtype === 'f32') return asReals(data, tensor);
  // Not slice: a Buffer's would share its memory. Not from: it is twenty times slower than the
  // constructor.
  return { dtype, shape, data: dtype === 'u8' ? new Uint8Array(data) : new Int32Array(data) };
}

function asReals(data: HostTensor['data'], { shape }: TensorType): HostTensor {
  return { dtype: 'f32', shape, data: new Float64Array(data) };
}
