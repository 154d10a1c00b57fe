// The few x86-64 instructions that the loops of this folder are made of, as bytes. Not an
// assembler: only registers and memory at [rdi + n].
// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, sections 2.3
// (VEX) and 2.7 (EVEX).
import { assert } from '../../../base/errors.js';

/** Bits of a vector register: 256 are ymm0..15 (VEX, AVX2), 512 are zmm0..31 (EVEX, AVX-512F). */
export type VectorBits = 256 | 512;

/** Mandatory prefix, opcode map (1: 0F, 2: 0F 38) and opcode; all have W = 0. */
interface Operation {
  readonly prefix: 'none' | '66' | 'F3';
  readonly map: 1 | 2;
  readonly opcode: number;
}

const operations = {
  /** Sixteen or eight f32: a += b * c. */
  vfmadd231ps: { prefix: '66', map: 2, opcode: 0xb8 },
  /** Sixteen f32 (AVX512_BF16): a += b.high * c.high + b.low * c.low of pairs of bf16. */
  vdpbf16ps: { prefix: 'F3', map: 2, opcode: 0x52 },
  /** vpxor (ymm) and vpxord (zmm) are one opcode. */
  vpxor: { prefix: '66', map: 1, opcode: 0xef },
  vbroadcastss: { prefix: '66', map: 2, opcode: 0x18 },
  /** The form that stores. */
  vmovups: { prefix: 'none', map: 1, opcode: 0x11 },
} as const satisfies Readonly<Record<string, Operation>>;

/** Instructions that multiply and add. */
export type MultiplyAdd = 'vfmadd231ps' | 'vdpbf16ps';

/** sum += a * b, all vector registers. */
export function multiplyAdd(
  name: MultiplyAdd,
  bits: VectorBits,
  [sum, a, b]: readonly [number, number, number],
): readonly number[] {
  return vector(operations[name], bits, sum, a, { register: b });
}

/** register = 0. */
export function clear(bits: VectorBits, register: number): readonly number[] {
  return vector(operations.vpxor, bits, register, register, { register });
}

/** Every element of the register = the 32 bits at [rdi + offset]. */
export function broadcast(bits: VectorBits, register: number, offset: number): readonly number[] {
  return vector(operations.vbroadcastss, bits, register, 0, { offset });
}

/** [rdi + offset] = the whole register. */
export function store(bits: VectorBits, offset: number, register: number): readonly number[] {
  return vector(operations.vmovups, bits, register, 0, { offset });
}

/** Instructions without operands to choose. */
export const fixed = {
  /** mov rcx, [rdi] */
  loadCount: [0x48, 0x8b, 0x0f],
  /** dec rcx */
  countDown: [0x48, 0xff, 0xc9],
  /** nop */
  nothing: [0x90],
  /** vzeroupper: without it SSE code that follows is slow. */
  clearUpper: [0xc5, 0xf8, 0x77],
  /** ret */
  back: [0xc3],
} as const;

/** jnz to the byte that lies `distance` bytes from the end of this instruction. */
export function jumpIfNotZero(distance: number): readonly number[] {
  return [0x0f, 0x85, ...int32(distance)];
}

/** Bytes of {@link jumpIfNotZero}. */
export const JUMP_BYTES = 6;

type Operand = { readonly register: number } | { readonly offset: number };

// `destination` goes to ModRM.reg, `first` to vvvv (0 where the instruction has no such operand:
// stored inverted, that is 1111), `last` to ModRM.rm.
function vector(
  operation: Operation,
  bits: VectorBits,
  destination: number,
  first: number,
  last: Operand,
): readonly number[] {
  const rm = 'register' in last ? last.register : 0;
  for (const register of [destination, first, rm]) {
    assert(register >= 0 && register < (bits === 512 ? 32 : 16), `no vector register ${register}`);
  }
  const prefix = { none: 0, '66': 1, F3: 2 }[operation.prefix];
  const lead =
    bits === 512
      ? evex(operation.map, prefix, destination, first, rm)
      : vex(operation.map, prefix, destination, first, rm);
  return [...lead, operation.opcode, ...modRm(destination, last)];
}

// C4 | R X B mmmmm | W vvvv L pp; R, X, B and vvvv are stored inverted.
function vex(map: number, prefix: number, reg: number, first: number, rm: number): number[] {
  const registers = inverted(reg, 3, 7) | (1 << 6) | inverted(rm, 3, 5);
  return [0xc4, registers | map, ((~first & 0xf) << 3) | (1 << 2) | prefix];
}

// 62 | R X B R' 0 0 m m | W vvvv 1 pp | z L'L b V' aaa; a register's bits 3 and 4 are R and R'
// (reg), B and X (rm), V' is bit 4 of vvvv.
function evex(map: number, prefix: number, reg: number, first: number, rm: number): number[] {
  const registers =
    inverted(reg, 3, 7) | inverted(rm, 4, 6) | inverted(rm, 3, 5) | inverted(reg, 4, 4);
  const length512 = 2 << 5;
  return [
    0x62,
    registers | map,
    ((~first & 0xf) << 3) | (1 << 2) | prefix,
    length512 | inverted(first, 4, 3),
  ];
}

/** Bit `from` of a register's number, inverted, as bit `to`. */
function inverted(register: number, from: number, to: number): number {
  return ((register >> from) & 1) === 0 ? 1 << to : 0;
}

// Mode 11: a register; mode 10: rdi (7) and a displacement of 32 bits, which EVEX does not scale.
function modRm(reg: number, operand: Operand): readonly number[] {
  const middle = (reg & 7) << 3;
  if ('register' in operand) return [0xc0 | middle | (operand.register & 7)];
  return [0x80 | middle | 7, ...int32(operand.offset)];
}

function int32(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}
