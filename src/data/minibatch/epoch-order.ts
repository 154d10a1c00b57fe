// The order of training images: the epochs' permutations one after another, each its own, without a
// gap.
import { ascending, shuffle } from '../../base/random-stream.js';
import { type StreamKey, threefry4x32 } from '../../base/threefry.js';

/** Random access to the endless order stream of `count` items. Position p lies in epoch floor(p /
 *  count), and every epoch has each item once. What is answered depends on count, key and position
 *  alone. */
export interface Order {
  readonly count: number;
  /** Epoch of a position of the stream. */
  epochOf(position: number): number;
  /** Item (0..count-1) at a position of the stream; fast while positions stay close together. */
  itemAt(position: number): number;
  /** Items [from, to) that lie together and are needed later: a caller at this position of the
   *  stream may read them from the disk now. Null at most positions, and at all if the order has no
   *  such groups. */
  aheadOf(position: number): { readonly from: number; readonly to: number } | null;
}

/** Every epoch is a uniformly random permutation of all items, keyed by (key, epoch). */
export class EpochOrder implements Order {
  readonly count: number;
  readonly key: StreamKey;
  #epoch = -1;
  readonly #order: Int32Array;

  constructor(count: number, key: StreamKey) {
    this.count = count;
    this.key = key;
    this.#order = new Int32Array(count);
  }

  epochOf(position: number): number {
    return Math.floor(position / this.count);
  }

  itemAt(position: number): number {
    const epoch = this.epochOf(position);
    if (epoch !== this.#epoch) {
      shuffle(ascending(this.#order), subKey(this.key, epoch, 0));
      this.#epoch = epoch;
    }
    return this.#order[position - epoch * this.count] as number;
  }

  aheadOf(): null {
    return null;
  }
}

/** A stream of its own for each number: the key's output at counter (number, page, 0, 0). Pages
 *  keep apart what streams are for. */
export function subKey(key: StreamKey, number: number, page: number): StreamKey {
  const words = new Uint32Array(4);
  threefry4x32(key, number, page, 0, 0, words, 0);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = words;
  return [k0, k1, k2, k3];
}
