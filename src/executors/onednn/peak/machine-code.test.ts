// Every kind of instruction, with register numbers on both sides of every bit, against the bytes
// that GNU as 2.40 makes of the text; where it has a shorter form (displacements of 8 bits) the
// bytes were read back with objdump -D -b binary -mi386:x86-64 instead.
import { expect, test } from 'vitest';
import { broadcast, clear, jumpIfNotZero, multiplyAdd, store } from './machine-code.js';

const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');

test.each<[string, readonly number[], string]>([
  ['vfmadd231ps zmm0,zmm30,zmm31', multiplyAdd('vfmadd231ps', 512, [0, 30, 31]), '62920d40b8c7'],
  ['vfmadd231ps zmm23,zmm30,zmm31', multiplyAdd('vfmadd231ps', 512, [23, 30, 31]), '62820d40b8ff'],
  ['vfmadd231ps zmm9,zmm3,zmm12', multiplyAdd('vfmadd231ps', 512, [9, 3, 12]), '62526548b8cc'],
  ['vfmadd231ps zmm24,zmm16,zmm7', multiplyAdd('vfmadd231ps', 512, [24, 16, 7]), '62627d40b8c7'],
  ['vdpbf16ps zmm23,zmm30,zmm31', multiplyAdd('vdpbf16ps', 512, [23, 30, 31]), '62820e4052ff'],
  ['vfmadd231ps ymm11,ymm14,ymm15', multiplyAdd('vfmadd231ps', 256, [11, 14, 15]), 'c4420db8df'],
  ['vfmadd231ps ymm2,ymm5,ymm6', multiplyAdd('vfmadd231ps', 256, [2, 5, 6]), 'c4e255b8d6'],
  ['vpxord zmm17,zmm17,zmm17', clear(512, 17), '62a17540efc9'],
  ['vbroadcastss zmm30,[rdi+0x12345678]', broadcast(512, 30, 0x12345678), '62627d4818b778563412'],
  ['vbroadcastss ymm14,[rdi+0x12345678]', broadcast(256, 14, 0x12345678), 'c4627d18b778563412'],
  ['vmovups [rdi+0x12345678],zmm23', store(512, 0x12345678, 23), '62e17c4811bf78563412'],
  ['jnz -0x70', jumpIfNotZero(-0x70), '0f8590ffffff'],
])('%s', (_, bytes, wanted) => {
  expect(hex(bytes)).toBe(wanted);
});

test('registers that do not exist are refused', () => {
  expect(() => clear(256, 16)).toThrow('no vector register 16');
  expect(() => clear(512, 32)).toThrow('no vector register 32');
});
