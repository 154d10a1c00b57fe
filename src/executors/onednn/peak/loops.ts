// The loops whose rate is the most that a core can do: multiply-adds between registers, nothing
// else. One loop an instruction.
import type { Precision } from '../../executor.js';
import {
  broadcast,
  clear,
  fixed,
  JUMP_BYTES,
  jumpIfNotZero,
  type MultiplyAdd,
  multiplyAdd,
  store,
  type VectorBits,
} from './machine-code.js';

/** A loop of one instruction over independent sums. */
export interface Loop {
  /** For people, e.g. "vfmadd231ps zmm". */
  readonly name: string;
  readonly precision: Precision;
  /** Flags of the processor (as /proc/cpuinfo writes them) without which it must not be run. */
  readonly needs: readonly string[];
  readonly instruction: MultiplyAdd;
  readonly bits: VectorBits;
  /** Sums that do not wait for each other: at least latency (4 to 6 cycles) times instructions a
   *  cycle (2). */
  readonly sums: number;
  /** FLOPs of one instruction: a multiplication and an addition count 2. */
  readonly flopsPerInstruction: number;
}

/** All of them. ymm has 16 registers, zmm 32; two hold the factors. */
export const loops: readonly Loop[] = [
  {
    ...{ name: 'vfmadd231ps ymm', precision: 'fp32', needs: ['avx2', 'fma'] },
    ...{ instruction: 'vfmadd231ps', bits: 256, sums: 12, flopsPerInstruction: 2 * 8 },
  },
  {
    ...{ name: 'vfmadd231ps zmm', precision: 'fp32', needs: ['avx512f'] },
    ...{ instruction: 'vfmadd231ps', bits: 512, sums: 24, flopsPerInstruction: 2 * 16 },
  },
  {
    ...{ name: 'vdpbf16ps zmm', precision: 'bf16', needs: ['avx512f', 'avx512_bf16'] },
    ...{ instruction: 'vdpbf16ps', bits: 512, sums: 24, flopsPerInstruction: 2 * 32 },
  },
];

/** Where a loop's argument, the address in rdi, has what. Bytes. */
export const argument = {
  /** i64: times round the loop. */
  count: 0,
  /** Both factors, 32 bits each: an f32 or a pair of bf16. */
  factors: [8, 12],
  /** The sums, one register after another, written at the end. */
  sums: 64,
} as const;

/** Bytes of a loop's argument. */
export function argumentBytes({ sums, bits }: Loop): number {
  return argument.sums + (sums * bits) / 8;
}

// Where the loop begins: at a cache line, so that it is fetched in as few pieces as possible.
const ALIGNMENT = 64;

/** The machine code of `void loop(Argument *)`, x86-64 System V. It touches rcx and vector
 *  registers only, which belong to the callee. */
export function codeOf({ instruction, bits, sums }: Loop): Uint8Array {
  const all = Array.from({ length: sums }, (_, sum) => sum);
  const [a, b] = [sums, sums + 1];
  const code: number[] = [...fixed.loadCount];
  code.push(...broadcast(bits, a, argument.factors[0]), ...broadcast(bits, b, argument.factors[1]));
  for (const sum of all) code.push(...clear(bits, sum));
  while (code.length % ALIGNMENT !== 0) code.push(...fixed.nothing);
  const start = code.length;
  for (const sum of all) code.push(...multiplyAdd(instruction, bits, [sum, a, b]));
  code.push(...fixed.countDown);
  code.push(...jumpIfNotZero(start - (code.length + JUMP_BYTES)));
  for (const sum of all) code.push(...store(bits, argument.sums + (sum * bits) / 8, sum));
  code.push(...fixed.clearUpper, ...fixed.back);
  return Uint8Array.from(code);
}
