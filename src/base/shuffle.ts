// Random orders. Apart from random-stream.ts, whose names of streams are hashed by Node: statistics
// are to run in browsers too.
import { type StreamKey, threefry4x32 } from './threefry.js';

/** Brings `items` into a uniformly random order, in place (Fisher-Yates; exact, by rejection).
 *  @param items i32 [any length]
 *  @returns items */
export function shuffle(items: Int32Array, key: StreamKey): Int32Array {
  const draw = new Uint32Array(4);
  let used = 4;
  let block = 0;
  const below = (bound: number): number => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      if (used === 4) {
        threefry4x32(key, block++, 0, 0, 0, draw, 0);
        used = 0;
      }
      const value = draw[used++] as number;
      if (value < limit) return value % bound;
    }
  };
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(last + 1);
    const kept = items[last] as number;
    items[last] = items[other] as number;
    items[other] = kept;
  }
  return items;
}
