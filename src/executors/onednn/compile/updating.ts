// What the lowerings of the solvers' updates share: where the next values go, and how a tensor is
// gone over in pieces.
import { elementCount } from '../../../tensor/tensor.js';
import type { ValueId } from '../../../program/types.js';
import type { Call, ChainProblem, Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { Buffer, BufferId, Places } from './step.js';

/** f32 elements a piece: larger than most tensors. Small pieces would stay in the cache between the
 *  primitives of an update, but waking the threads again for each costs more (CaffeNet, 2 threads:
 *  256 Ki elements 63 ms, 4 Mi 40 ms a step). */
export const PIECE_ELEMENTS = 4 * 1024 * 1024;

/** Up to here TypeScript updates by itself (biases): a microsecond or two. */
const SMALL_ELEMENTS = 2048;

/** Whether TypeScript updates a tensor: a parallel region costs more than a few thousand
 *  multiplications. */
export function isSmall({ dims, sizeBytes }: Layout): boolean {
  const count = sizeBytes / 4;
  return count <= SMALL_ELEMENTS && count === elementCount(dims);
}

/** Where a slot's next value goes: the slot's own memory if `next` is its next value and the slot's
 *  buffer is the one that was read. */
export function targetOf(
  lowering: EntryLowering,
  value: ValueId,
  next: ValueId,
  buffer: BufferId,
  layout: Layout,
): BufferId {
  const isSlot = lowering.program.slots.some((slot) => slot.value === value && slot.next === next);
  const { home } = lowering.buffers[buffer] as Buffer;
  if (!isSlot || home.kind !== 'slot') return lowering.define(next, layout);
  lowering.invalidate(buffer);
  lowering.alias(next, buffer);
  return buffer;
}

/** Memory for numbers that an update's primitives read and every run sets anew. */
export function numbersBuffer(lowering: EntryLowering, count: number): BufferId {
  return lowering.temporary(lowering.engine.layout([count], 'f32', 'plain'));
}

/** One of the pieces that a tensor of an update is gone over in. */
export interface Piece {
  /** Row-major layout of the piece's elements. */
  readonly flat: Layout;
  /** Where the piece of a tensor begins. */
  readonly at: (buffer: BufferId) => bigint;
}

/** The pieces of tensors of `count` f32 elements in one layout, padding included. */
export function piecesOf(engine: OneDnnEngine, count: number, places: Places): readonly Piece[] {
  return Array.from({ length: Math.ceil(count / PIECE_ELEMENTS) }, (_, index) => {
    const start = index * PIECE_ELEMENTS;
    const length = Math.min(PIECE_ELEMENTS, count - start);
    return {
      flat: engine.layout([length], 'f32', 'plain'),
      at: (buffer) => places.address(buffer) + BigInt(4 * start),
    };
  });
}

/** Calls over pieces that stay as they are from run to run. */
export class FixedCalls {
  readonly #engine: OneDnnEngine;
  readonly #places: Places;
  readonly #calls: Call[] = [];

  constructor(engine: OneDnnEngine, places: Places) {
    this.#engine = engine;
    this.#places = places;
  }

  /** Adds a primitive; it ends with the executable. */
  add(primitive: Primitive, addresses: Parameters<Primitive['bind']>[0]): void {
    this.#places.onRelease(() => primitive.release());
    this.#calls.push(primitive.bind({ ...addresses, scratchpad: this.#places.scratch }));
  }

  /** Adds dst = steps(src, src1); `after${i}` are the tensors and numbers that steps read. */
  chain(problem: ChainProblem, addresses: Parameters<Primitive['bind']>[0]): void {
    this.add(this.#engine.chain(problem), addresses);
  }

  /** Adds to = from, unless they are one. */
  copy({ flat, at }: Piece, from: BufferId, to: BufferId): void {
    if (from === to) return;
    this.add(this.#engine.reorder(flat, flat), { src: at(from), dst: at(to) });
  }

  run(): void {
    for (const call of this.#calls) call.run();
  }
}
