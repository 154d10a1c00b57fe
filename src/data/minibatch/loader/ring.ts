// Minibatches in shared memory, passed from loader threads to the engine's thread. Neither side
// needs the other's event loop: the engine's native calls block its own, so all waiting is by
// Atomics.
// Ticket q goes through slot q mod S in round r = floor(q / S). A slot's word is 2r while it is
// free for round r and 2r + 1 while it holds that round's minibatch; CLOSED ends all waiting.
import { type ImageForm, imageValues } from '../../image-form.js';
import type { Minibatch } from '../../image-set.js';

/** Sizes of a ring; with its buffer, all that another thread needs. */
export interface RingShape {
  readonly slots: number;
  readonly batch: number;
  /** Shape of one crop. */
  readonly form: ImageForm;
}

const CLOSED = -1;
const LINE = 64;

function align(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE;
}

function slotBytes({ batch, form }: RingShape): number {
  return align(batch * imageValues(form)) + align(12 * batch) + align(4 * batch);
}

/** Zeroed memory for a ring: every slot is free for its first round. */
export function allocateRing(shape: RingShape): SharedArrayBuffer {
  return new SharedArrayBuffer(align(4 * shape.slots) + shape.slots * slotBytes(shape));
}

/** One thread's hold on a ring. */
export class Ring {
  readonly #words: Int32Array;
  readonly #slots: readonly Minibatch[];

  constructor(shape: RingShape, buffer: SharedArrayBuffer) {
    const { slots, batch, form } = shape;
    this.#words = new Int32Array(buffer, 0, slots);
    const pixels = batch * imageValues(form);
    this.#slots = Array.from({ length: slots }, (_, slot) => {
      const at = align(4 * slots) + slot * slotBytes(shape);
      const windows = at + align(pixels);
      return {
        form,
        crops: new Uint8Array(buffer, at, pixels),
        windows: new Int32Array(buffer, windows, 3 * batch),
        labels: new Int32Array(buffer, windows + align(12 * batch), batch),
      };
    });
  }

  /** Loader's side: waits until the ticket's slot is free.
   *  @returns the minibatch to fill; null if the ring is closed */
  awaitFree(ticket: number): Minibatch | null {
    const { slot, round } = this.#place(ticket);
    const isFree = this.#await(slot, 2 * round, Infinity) === 'ok';
    return isFree ? (this.#slots[slot] as Minibatch) : null;
  }

  /** Loader's side: the ticket's minibatch is filled. */
  handOver(ticket: number): void {
    const { slot, round } = this.#place(ticket);
    // Not a store: a ring that was closed meanwhile stays closed.
    Atomics.compareExchange(this.#words, slot, 2 * round, 2 * round + 1);
    Atomics.notify(this.#words, slot);
  }

  /** Engine's side: the ticket's minibatch, valid until {@link release}; null if it did not come
   *  within `timeoutMs`. */
  take(ticket: number, timeoutMs: number): Minibatch | null {
    const { slot, round } = this.#place(ticket);
    const isThere = this.#await(slot, 2 * round + 1, timeoutMs) === 'ok';
    return isThere ? (this.#slots[slot] as Minibatch) : null;
  }

  /** Engine's side: gives the ticket's slot back to the loaders. */
  release(ticket: number): void {
    const { slot, round } = this.#place(ticket);
    Atomics.store(this.#words, slot, 2 * (round + 1));
    Atomics.notify(this.#words, slot);
  }

  /** Engine's side: ends all waiting, for good. */
  close(): void {
    for (let slot = 0; slot < this.#words.length; slot++) {
      Atomics.store(this.#words, slot, CLOSED);
      Atomics.notify(this.#words, slot);
    }
  }

  #place(ticket: number): { readonly slot: number; readonly round: number } {
    const slots = this.#words.length;
    return { slot: ticket % slots, round: Math.floor(ticket / slots) };
  }

  #await(slot: number, wanted: number, timeoutMs: number): 'ok' | 'closed' | 'timed-out' {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const found = Atomics.load(this.#words, slot);
      if (found === wanted) return 'ok';
      if (found === CLOSED) return 'closed';
      const left = end - performance.now();
      if (left <= 0) return 'timed-out';
      Atomics.wait(this.#words, slot, found, left);
    }
  }
}
