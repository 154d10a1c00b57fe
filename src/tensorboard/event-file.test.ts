import { expect, test } from 'vitest';
import { scalarsRecord, versionRecord } from './event-file.js';

// Written by TensorBoard 2.21.0's own RecordWriter: time 1.5, then step 300 with one scalar.
const VERSION = '1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c';
const SCALAR =
  '2400000000000000422b804d09000000000000f83f10ac022a160a140a0d746573742f616363757261637915cdcccc3df7145532';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('records are those that TensorBoard itself writes', () => {
  expect(hex(versionRecord(1.5))).toBe(VERSION);
  expect(hex(scalarsRecord(1.5, 300, [{ tag: 'test/accuracy', value: 0.1 }]))).toBe(SCALAR);
});
