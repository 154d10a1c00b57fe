// Machine code in memory that the processor may run. Written first, made executable then: never
// both at once.
import { NativeError } from '../../../base/errors.js';
import { errnoName, memcpy, mmap, mprotect, munmap } from '../libc.js';

const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
// Linux's numbers.
const MAP_PRIVATE = 0x02;
const MAP_ANONYMOUS = 0x20;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/** A copy of some machine code that can be called at {@link address}. */
export class ExecutableMemory {
  readonly address: bigint;
  readonly #bytes: number;

  /** @throws NativeError if the kernel gives no such memory (hardened ones refuse to make written
   *  memory executable) */
  constructor(code: Uint8Array) {
    this.#bytes = code.length;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS;
    const address = mmap(null, code.length, PROT_READ | PROT_WRITE, flags, -1, 0) as bigint;
    if (address === null || address === MAP_FAILED) {
      throw new NativeError(`mmap of ${code.length} bytes: ${errnoName()}`);
    }
    this.address = address;
    memcpy(address, code, code.length);
    if (mprotect(address, code.length, PROT_READ | PROT_EXEC) !== 0) {
      const reason = errnoName();
      this.release();
      throw new NativeError(`the kernel refuses to make memory executable (mprotect: ${reason})`);
    }
  }

  /** Gives it back; the code must not be called afterwards. */
  release(): void {
    munmap(this.address, this.#bytes);
  }
}
