// State of a reference executable: the union of its entries' slots.
import { ShapeError } from '../../base/errors.js';
import type { Program } from '../../program/types.js';
import { requireData, requireType } from '../../tensor/check.js';
import { type HostTensor, type TensorType } from '../../tensor/tensor.js';
import { zeros } from './kernel.js';

/** Precision in which f32 slots rest between runs. `f32`: as every other executor, so that what
 *  {@link SlotStore.read} gives holds the whole state. `f64`: nothing is ever rounded, for gradient
 *  checks. */
export type StateDtype = 'f32' | 'f64';

/** Slots by name, zero at first. Tensors in it are never changed in place: a running entry may hold
 *  them. */
export class SlotStore {
  readonly #slots = new Map<string, HostTensor>();
  readonly #state: StateDtype;

  /** @throws ShapeError if two entries give one slot different types */
  constructor(entries: Readonly<Record<string, Program>>, state: StateDtype) {
    this.#state = state;
    for (const [entry, program] of Object.entries(entries)) {
      for (const slot of program.slots) {
        const known = this.#slots.get(slot.name);
        if (!known) this.#slots.set(slot.name, zeros(slot));
        else requireType(`slot ${slot.name} in entry ${entry}`, slot, known);
      }
    }
  }

  /** The tensor held now (float64 for f32). @throws ShapeError for an unknown name */
  get(name: string): HostTensor {
    const tensor = this.#slots.get(name);
    if (tensor) return tensor;
    throw new ShapeError(
      `no slot is named ${name}; there are ${[...this.#slots.keys()].join(', ')}`,
    );
  }

  /** Keeps `tensor` (a float64 tensor that nobody changes), rounded to the state's precision. */
  set(name: string, tensor: HostTensor): void {
    const isRounded = tensor.dtype === 'f32' && this.#state === 'f32';
    this.#slots.set(name, isRounded ? asReals(new Float32Array(tensor.data), tensor) : tensor);
  }

  /** @throws ShapeError if name or type do not fit */
  write(name: string, tensor: HostTensor): void {
    requireType(`slot ${name}`, tensor, this.get(name));
    this.set(name, privateCopy(`slot ${name}`, tensor));
  }

  /** A copy; f32 as Float32Array, or Float64Array where the state is f64.
   *  @throws ShapeError for an unknown name */
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

/** A copy in the executor's own precision. @throws ShapeError if the array does not fit its type */
export function privateCopy(what: string, tensor: HostTensor): HostTensor {
  requireData(what, tensor);
  const { dtype, shape, data } = tensor;
  if (dtype === 'f32') return asReals(data, tensor);
  // Not slice: a Buffer's would share its memory. Not from: it is twenty times slower than the
  // constructor.
  return { dtype, shape, data: dtype === 'u8' ? new Uint8Array(data) : new Int32Array(data) };
}

function asReals(data: HostTensor['data'], { shape }: TensorType): HostTensor {
  return { dtype: 'f32', shape, data: new Float64Array(data) };
}
