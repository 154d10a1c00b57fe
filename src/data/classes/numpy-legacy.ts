// numpy's legacy generator (numpy.random.RandomState), as far as the authors' splits need it: the
// same numbers for the same seed, for ever. Nothing else of the system draws from it; see
// base/random-stream.ts.
import { MersenneTwister19937 } from 'random-js';
import { DataError } from '../../base/errors.js';

/** Sorted `numpy.random.RandomState([seed]).choice(population, count, replace=False)`.
 *  The list matters: `RandomState(seed)` gives other numbers.
 *  @throws DataError unless seed is an integer in [0, 2^32)
 *  @source numpy/random/mtrand.pyx: legacy seeding by init_by_array, choice =
 *  permutation(population)[:count] */
export function legacyChoice(population: number, count: number, seed: number): Int32Array {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new DataError(`split seed ${seed}: wanted an integer from 0 to 4294967295`);
  }
  const generator = MersenneTwister19937.seedWithArray([seed]);
  const order = Int32Array.from({ length: population }, (_, index) => index);
  for (let last = population - 1; last > 0; last--) {
    const other = interval(generator, last);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order.subarray(0, count).sort();
}

/** Uniform integer in [0, max]: 32-bit draws, masked to the bits of max, rejected above it (numpy's
 *  random_interval). */
function interval(generator: MersenneTwister19937, max: number): number {
  const mask = 0xffffffff >>> Math.clz32(max);
  for (;;) {
    const value = (generator.next() & mask) >>> 0;
    if (value <= max) return value;
  }
}
