// Alignment, zeroing and views of native memory.
import { expect, it } from 'vitest';
import { NativeMemory } from './native-memory.js';

it.each([
  [1, 64n],
  [1000, 64n],
  [3 * 1024 * 1024, 2n * 1024n * 1024n],
])('%d bytes are zero and aligned', (bytes, alignment) => {
  const memory = new NativeMemory(bytes);
  expect(memory.address % alignment).toBe(0n);
  expect(memory.byteLength).toBeGreaterThanOrEqual(bytes);
  expect(memory.uint8(memory.byteLength).every((byte) => byte === 0)).toBe(true);
  memory.release();
  memory.release(); // the second call does nothing
});

it('views of one allocation see each other', () => {
  const memory = new NativeMemory(128);
  memory.float32(4, 64)[1] = 1;
  expect(memory.int32(1, 68)[0]).toBe(0x3f800000);
  memory.release();
});

it('refuses views that leave the memory', () => {
  const memory = new NativeMemory(128);
  expect(() => memory.float32(17, 64)).toThrow('outside');
  memory.release();
});
