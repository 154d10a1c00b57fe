// An order of training images for disks that read neighbours much faster than strangers.
import { ascending, shuffle } from '../../base/random-stream.js';
import type { StreamKey } from '../../base/threefry.js';
import { type Order, subKey } from './epoch-order.js';

/** How far apart images that are neighbours in the store may come to lie in the order. */
export interface BlockShuffle {
  /** Images of a block: neighbours that are read together. */
  readonly block: number;
  /** Blocks whose images are mixed with one another. */
  readonly window: number;
}

/** What `shuffle: blocks` means: windows of 4096 images out of 128 places of the store. */
export const USUAL_BLOCKS: BlockShuffle = { block: 32, window: 128 };

// Pages of the epoch's stream: page 0 would be the draws of a full permutation.
const BLOCKS_PAGE = 1;
const WINDOWS_PAGE = 2;

/** Epoch e of `count` items: they are divided into blocks of `block` consecutive ones (the last may
 *  be shorter); the blocks are put into a random order, keyed by (key, e); of this sequence every
 *  `window` consecutive blocks (the last time the rest) are a window, and the items of a window are
 *  put into a random order, keyed by (key, e, window). So every epoch is a permutation, and the
 *  items of a block are less than block * window positions apart. Memory: count / block + block *
 *  window numbers. A caller at the position where block k of the sequence would begin is told to
 *  read block k + window ahead. */
export class BlockOrder implements Order {
  readonly count: number;
  readonly key: StreamKey;
  readonly shuffle: BlockShuffle;
  readonly #window: Int32Array;
  #windowAt = { epoch: -1, number: -1 };
  #sequences: readonly Sequence[] = [];

  constructor(count: number, key: StreamKey, blocks: BlockShuffle) {
    this.count = count;
    this.key = key;
    this.shuffle = blocks;
    this.#window = new Int32Array(Math.min(count, blocks.block * blocks.window));
  }

  epochOf(position: number): number {
    return Math.floor(position / this.count);
  }

  itemAt(position: number): number {
    const epoch = this.epochOf(position);
    const offset = position - epoch * this.count;
    const sequence = this.#sequence(epoch);
    const number = Math.floor(sequence.blockAt(offset) / this.shuffle.window);
    if (this.#windowAt.epoch !== epoch || this.#windowAt.number !== number) {
      this.#fillWindow(sequence, epoch, number);
    }
    return this.#window[offset - sequence.startOf(number * this.shuffle.window)] as number;
  }

  aheadOf(position: number): { from: number; to: number } | null {
    const epoch = this.epochOf(position);
    const offset = position - epoch * this.count;
    const sequence = this.#sequence(epoch);
    const at = sequence.blockAt(offset);
    if (sequence.startOf(at) !== offset) return null;
    const ahead = at + this.shuffle.window;
    if (ahead < sequence.blocks) return sequence.itemsOf(ahead);
    // Past the last block of the epoch: blocks of the next one, if that has so many.
    const next = ahead - sequence.blocks;
    return next < sequence.blocks ? this.#sequence(epoch + 1).itemsOf(next) : null;
  }

  #fillWindow(sequence: Sequence, epoch: number, number: number): void {
    const first = number * this.shuffle.window;
    const last = Math.min(first + this.shuffle.window, sequence.blocks);
    let length = 0;
    for (let block = first; block < last; block++) {
      const { from, to } = sequence.itemsOf(block);
      for (let item = from; item < to; item++) this.#window[length++] = item;
    }
    const epochKey = subKey(this.key, epoch, 0);
    shuffle(this.#window.subarray(0, length), subKey(epochKey, number, WINDOWS_PAGE));
    this.#windowAt = { epoch, number };
  }

  // Two epochs are at hand where one ends.
  #sequence(epoch: number): Sequence {
    let found = this.#sequences.find((each) => each.epoch === epoch);
    if (found === undefined) {
      found = new Sequence(this.count, this.shuffle.block, epoch, this.key);
      this.#sequences = [...this.#sequences.slice(-1), found];
    }
    return found;
  }
}

/** The blocks of one epoch in their order. */
class Sequence {
  readonly epoch: number;
  readonly blocks: number;
  readonly #count: number;
  readonly #block: number;
  readonly #order: Int32Array;
  /** Where in the sequence the shorter block is, and how many items it lacks. */
  readonly #shortAt: number;
  readonly #lacking: number;

  constructor(count: number, block: number, epoch: number, key: StreamKey) {
    this.epoch = epoch;
    this.blocks = Math.ceil(count / block);
    this.#count = count;
    this.#block = block;
    const blocksKey = subKey(subKey(key, epoch, 0), 0, BLOCKS_PAGE);
    this.#order = shuffle(ascending(new Int32Array(this.blocks)), blocksKey);
    this.#shortAt = this.#order.indexOf(this.blocks - 1);
    this.#lacking = this.blocks * block - count;
  }

  /** Offset in the epoch at which a block of the sequence begins. */
  startOf(at: number): number {
    return at * this.#block - (at > this.#shortAt ? this.#lacking : 0);
  }

  /** Block of the sequence that an offset in the epoch falls into. */
  blockAt(offset: number): number {
    const isAfter = offset >= this.startOf(this.#shortAt + 1);
    return Math.floor((offset + (isAfter ? this.#lacking : 0)) / this.#block);
  }

  /** Items of a block of the sequence. */
  itemsOf(at: number): { from: number; to: number } {
    const from = (this.#order[at] as number) * this.#block;
    return { from, to: Math.min(from + this.#block, this.#count) };
  }
}
