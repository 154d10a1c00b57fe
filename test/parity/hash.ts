// Numbers from a small integer hash, bit-equal to hash_fill.py's. Nothing here is used outside
// tests.
import { crc32 } from 'node:zlib';

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain). */
function fmix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** fmix32(fmix32(index + 1) xor fmix32((stream + 1) * 0x9e3779b9)), a uint32. */
export function hash32(stream: number, index: number): number {
  return fmix32(fmix32(index + 1) ^ fmix32(Math.imul(stream + 1, 0x9e3779b9)));
}

/** A float32 in [-a, a): (hash >> 8) * 2^-23 - 1 is exact, and so is its product with float32(a) in
 *  double, rounded once. */
export function uniform(stream: number, index: number, amplitude: number): number {
  return Math.fround(((hash32(stream, index) >>> 8) * 2 ** -23 - 1) * Math.fround(amplitude));
}

/** Elements 0, 1, ... of a stream, plus `middle`. */
export function uniformArray(
  stream: number,
  length: number,
  amplitude: number,
  middle = 0,
): Float32Array {
  const values = new Float32Array(length);
  const key = fmix32(Math.imul(stream + 1, 0x9e3779b9));
  const scale = Math.fround(amplitude);
  for (let index = 0; index < length; index++) {
    const unit = (fmix32(fmix32(index + 1) ^ key) >>> 8) * 2 ** -23 - 1;
    values[index] = Math.fround(unit * scale) + middle;
  }
  return values;
}

const isNormScale = (name: string, shape: readonly number[]): boolean =>
  name.endsWith('.weight') && shape.length === 1;

function amplitudeOf(name: string, shape: readonly number[]): number {
  if (name.endsWith('.running_var')) return 2 ** -1;
  if (isNormScale(name, shape)) return 2 ** -2;
  if (!name.endsWith('.weight')) return 2 ** -4;
  return Math.sqrt(6 / shape.slice(1).reduce((product, size) => product * size, 1));
}

/** Values of a preset's tensor, a stream named by its name: see `fill` in reference_presets.py. */
export function fillOf(name: string, shape: readonly number[]): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const middle = name.endsWith('.running_var') || isNormScale(name, shape) ? 1 : 0;
  return uniformArray(crc32(name), length, amplitudeOf(name, shape), middle);
}
