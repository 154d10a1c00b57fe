// Named random streams: every draw of the system comes from (key, index), so the same numbers
// appear whether a network trains alone, in a gang, or after a resume.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.js';
import { shuffle } from './shuffle.js';
import { type StreamKey, threefry4x32 } from './threefry.js';

export { shuffle };

/** The stream named by `parts`, e.g. ["init", seed, "split0", 0, "A3B", "conv4.weight"]: first 128
 *  bits of SHA-256 of their canonical JSON. */
export function streamKey(parts: readonly Json[]): StreamKey {
  const digest = createHash('sha256').update(canonicalJson(parts)).digest();
  return [
    digest.readUInt32LE(0),
    digest.readUInt32LE(4),
    digest.readUInt32LE(8),
    digest.readUInt32LE(12),
  ];
}

/** Fills `out` with the stream's uint32 at positions 0.. of `page` (for dropout: the iteration). */
export function fillUint32(out: Uint32Array, key: StreamKey, page: number): void {
  const whole = out.length & ~3;
  const high = Math.floor(page / 2 ** 32);
  for (let at = 0; at < whole; at += 4) threefry4x32(key, at >>> 2, page, high, 0, out, at);
  if (whole < out.length) {
    const rest = new Uint32Array(4);
    threefry4x32(key, whole >>> 2, page, high, 0, rest, 0);
    out.set(rest.subarray(0, out.length - whole), whole);
  }
}

/** Normal deviates with mean 0 and standard deviation `std`: Box-Muller on the stream's page 0.
 *  @param out f32 [any length], overwritten */
export function fillGaussian(out: Float32Array, key: StreamKey, std: number): void {
  const pairs = (out.length + 1) >> 1;
  const bits = new Uint32Array(2 * pairs);
  fillUint32(bits, key, 0);
  for (let pair = 0; pair < pairs; pair++) {
    // (bits + 0.5) / 2^32 lies strictly inside (0, 1): the logarithm is finite.
    const radius = std * Math.sqrt(-2 * Math.log(((bits[2 * pair] as number) + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * ((bits[2 * pair + 1] as number) + 0.5)) / 2 ** 32;
    out[2 * pair] = radius * Math.cos(angle);
    if (2 * pair + 1 < out.length) out[2 * pair + 1] = radius * Math.sin(angle);
  }
}

/** Uniform deviates strictly between `min` and `max` (rounded to float32): the stream's page 0.
 *  @param out f32 [any length], overwritten */
export function fillUniform(out: Float32Array, key: StreamKey, min: number, max: number): void {
  const bits = new Uint32Array(out.length);
  fillUint32(bits, key, 0);
  for (let at = 0; at < out.length; at++) {
    out[at] = min + ((max - min) * ((bits[at] as number) + 0.5)) / 2 ** 32;
  }
}

/** A uniformly random permutation of 0..count-1, see {@link shuffle}. @returns i32 [count] */
export function permutation(count: number, key: StreamKey): Int32Array {
  return shuffle(ascending(new Int32Array(count)), key);
}

/** Writes 0, 1, 2, ... to `items`. @param items i32 [any length] @returns items */
export function ascending(items: Int32Array): Int32Array {
  for (let at = 0; at < items.length; at++) items[at] = at;
  return items;
}
