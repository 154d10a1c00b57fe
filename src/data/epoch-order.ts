// The order of training images: the epochs' permutations one after another, each its own, without a gap.
import { permutation } from '../base/random-stream.js';
import { type StreamKey, threefry4x32 } from '../base/threefry.js';

/** Random access to the endless order stream of `count` items. Position p lies in epoch floor(p / count). Only a cache has a
 *  life here: what {@link EpochOrder.itemAt} answers depends on count, key and position alone. */
export class EpochOrder {
  readonly count: number;
  readonly key: StreamKey;
  #epoch = -1;
  #order: Int32Array = new Int32Array(0);

  constructor(count: number, key: StreamKey) {
    this.count = count;
    this.key = key;
  }

  /** Epoch of a position of the stream. */
  epochOf(position: number): number {
    return Math.floor(position / this.count);
  }

  /** Item (0..count-1) at a position of the stream; fast while positions stay in one epoch. */
  itemAt(position: number): number {
    const epoch = this.epochOf(position);
    if (epoch !== this.#epoch) {
      this.#order = permutation(this.count, epochKey(this.key, epoch));
      this.#epoch = epoch;
    }
    return this.#order[position - epoch * this.count] as number;
  }
}

// A stream for each epoch: the key's own output at counter (epoch, 0, 0, 0).
function epochKey(key: StreamKey, epoch: number): StreamKey {
  const words = new Uint32Array(4);
  threefry4x32(key, epoch, 0, 0, 0, words, 0);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = words;
  return [k0, k1, k2, k3];
}
