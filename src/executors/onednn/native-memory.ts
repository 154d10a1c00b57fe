// Aligned memory outside the JavaScript heap, with typed-array views. Activations and parameters
// live here.
import koffi from 'koffi';
import { assert, NativeError } from '../../base/errors.js';
import { free, madvise, memset, posixMemalign } from './libc.js';

const HUGE_PAGE_BYTES = 2 * 1024 * 1024;
const CACHE_LINE_BYTES = 64;
const MADV_HUGEPAGE = 14;

/** Rounds `bytes` up to a multiple of a cache line (64). */
function alignBytes(bytes: number): number {
  return Math.ceil(bytes / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
}

/** One zeroed allocation: 64-byte aligned, or 2 MiB aligned and offered to huge pages when it is
 *  that large. */
export class NativeMemory {
  readonly address: bigint;
  readonly byteLength: number;
  #isFreed = false;

  /** @throws NativeError if there is not that much memory. */
  constructor(byteLength: number) {
    const isLarge = byteLength >= HUGE_PAGE_BYTES;
    const out = new BigUint64Array(1);
    // Never empty: a null address would be read as "no memory" by oneDNN.
    const size = Math.max(alignBytes(byteLength), CACHE_LINE_BYTES);
    const status = posixMemalign(out, isLarge ? HUGE_PAGE_BYTES : CACHE_LINE_BYTES, size) as number;
    if (status !== 0) throw new NativeError(`onednn: no ${size} bytes of memory (errno ${status})`);
    this.address = out[0] as bigint;
    this.byteLength = size;
    if (isLarge) madvise(this.address, size, MADV_HUGEPAGE); // advice: failure costs speed only
    memset(this.address, 0, size);
  }

  /** f32 view of `count` elements from byte `offset`. Dead after {@link release}. */
  float32(count: number, offset = 0): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer(offset, 4 * count));
  }

  /** i32 view, as {@link float32}. */
  int32(count: number, offset = 0): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#buffer(offset, 4 * count));
  }

  /** u8 view, as {@link float32}. */
  uint8(count: number, offset = 0): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer(offset, count));
  }

  // A buffer of its own for every view: Node ends the process if one buffer has more than 4 GiB,
  // and arenas may.
  #buffer(offset: number, bytes: number): ArrayBuffer {
    assert(offset >= 0 && offset + bytes <= this.byteLength, 'view outside its native memory');
    assert(bytes <= 2 ** 32, 'one value of more than 4 GiB');
    if (bytes === 0) return new ArrayBuffer(0);
    return koffi.view(this.address + BigInt(offset), bytes);
  }

  /** Frees it; a second call does nothing. Views must not be touched afterwards. */
  release(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    free(this.address);
  }
}
