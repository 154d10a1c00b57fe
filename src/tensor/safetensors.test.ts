import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { RunStoreError } from '../base/errors.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { f32, type HostTensor, i32, u8 } from './tensor.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-safetensors-'));
const path = join(folder, 'x.safetensors');
afterAll(() => rmSync(folder, { recursive: true }));

const sample: Record<string, HostTensor> = {
  z: u8([3], Uint8Array.of(1, 2, 255)),
  'conv1.weight': f32([2, 2], Float32Array.of(1, -0, NaN, 3.5)),
  labels: i32([2], Int32Array.of(-1, 7)),
  exact: { dtype: 'f32', shape: [1], data: Float64Array.of(0.1) },
  scalar: f32([], Float32Array.of(2)),
  empty: f32([0, 4]),
};

/** A file from a header text (or object) and data bytes, not necessarily valid. */
function raw(header: unknown, data = Buffer.alloc(0)): void {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, data]));
}

test('tensors and metadata come back as written', () => {
  writeSafetensors(path, sample, { iteration: '40', note: 'ü' });
  const back = readSafetensors(path);
  expect(back.tensors).toEqual(sample);
  expect(back.metadata).toEqual({ iteration: '40', note: 'ü' });
});

test('layout: data on 8 bytes, wider types first then by name, bytes independent of insertion order', () => {
  writeSafetensors(path, sample, { b: '1', a: '2' });
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>;
  expect(Object.keys(header)).toEqual([
    '__metadata__',
    ...['exact', 'conv1.weight', 'empty', 'labels', 'scalar', 'z'],
  ]);
  expect(header['conv1.weight']).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [8, 24] });
  writeSafetensors(path, Object.fromEntries(Object.entries(sample).reverse()), { a: '2', b: '1' });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('any f32 tensors survive a round trip', () => {
  const tensor = fc.float32Array({ maxLength: 20 }).map((data) => f32([data.length], data));
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__metadata__');
  fc.assert(
    fc.property(fc.dictionary(name, tensor), (tensors) => {
      writeSafetensors(path, tensors);
      const back = readSafetensors(path).tensors;
      expect(Object.keys(back).sort()).toEqual(Object.keys(tensors).sort());
      for (const key of Object.keys(tensors)) {
        expect(back[key]).toEqual(tensors[key]);
      }
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('I64 is read as i32 while it fits', () => {
  const data = Buffer.alloc(16);
  data.writeBigInt64LE(-5n, 0);
  data.writeBigInt64LE(7n, 8);
  raw({ n: { dtype: 'I64', shape: [2], data_offsets: [0, 16] } }, data);
  expect(readSafetensors(path).tensors).toEqual({ n: i32([2], Int32Array.of(-5, 7)) });
  data.writeBigInt64LE(2n ** 31n, 8);
  raw({ n: { dtype: 'I64', shape: [2], data_offsets: [0, 16] } }, data);
  expect(() => readSafetensors(path)).toThrow(/"n" \(I64\) holds 2147483648/);
});

test('a file cut off at any byte is refused', () => {
  writeSafetensors(path, { a: f32([2], Float32Array.of(1, 2)) }, { k: 'v' });
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    expect(() => readSafetensors(path), `cut at ${length}`).toThrow(RunStoreError);
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.of(0)]));
  expect(() => readSafetensors(path)).toThrow(/its header speaks of/);
});

const entry = (begin: number, end: number) => ({
  dtype: 'U8',
  shape: [end - begin],
  data_offsets: [begin, end],
});
test.each([
  ['missing JSON', 'nonsense', 0, /header is not JSON/],
  ['an array', [], 0, /not a JSON object/],
  ['a hole', { a: entry(0, 2), b: entry(3, 4) }, 4, /"b" begins at byte/],
  ['an overlap', { a: entry(0, 2), b: entry(1, 4) }, 4, /"b" begins at byte/],
  ['a wrong length', { a: { ...entry(0, 2), shape: [3] } }, 2, /has 2 bytes, wanted 3/],
  ['a foreign type', { a: { ...entry(0, 2), dtype: 'BF16' } }, 2, /"a" is BF16, wanted F32/],
  ['no offsets', { a: { dtype: 'U8', shape: [1] } }, 1, /entry of tensor "a" is malformed/],
  ['a negative axis', { a: { ...entry(0, 2), shape: [-2] } }, 2, /malformed/],
  ['numbers as metadata', { __metadata__: { a: 1 } }, 0, /__metadata__ is not a map/],
])('a header with %s is refused', (_, header, bytes, message) => {
  raw(header, Buffer.alloc(bytes));
  expect(() => readSafetensors(path)).toThrow(message);
});

test('a missing file and data that do not fit are refused', () => {
  expect(() => readSafetensors(join(folder, 'none'))).toThrow('does not exist');
  const wrong = { dtype: 'f32', shape: [3], data: new Float32Array(2) } as const;
  expect(() => writeSafetensors(path, { wrong })).toThrow(/"wrong" f32\[3\]/);
});
