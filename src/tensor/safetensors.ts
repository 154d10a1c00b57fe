// Weights and checkpoints on disk in the safetensors format: 8 bytes of header length, a JSON
// header, raw little-endian data. Read by Python's safetensors, PyTorch, MLX and others; nothing in
// such a file is code.
// Source: github.com/huggingface/safetensors, README section "Format".
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { writeFileAtomic } from '../base/atomic-file.js';
import { RunStoreError } from '../base/errors.js';
import { systemError } from '../base/system-error.js';
import {
  parseHeader,
  type SafetensorsHeader,
  type StoredDType,
  type StoredTensor,
} from './safetensors-header.js';
import { elementCount, formatType, type HostArray, type HostTensor } from './tensor.js';

/** What a safetensors file holds. */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

// Node refuses single reads and writes of 2 GiB and more.
const LARGEST_TRANSFER = 2 ** 30;

/** Writes named tensors whole or not at all. f32, i32 and u8 become F32, I32 and U8; f32 values
 *  held in float64 (the reference executor's) become F64, so that nothing is rounded. Equal tensors
 *  and metadata give equal bytes.
 *  @throws RunStoreError if a tensor's data does not fit its shape or is named `__metadata__` */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  // Wider types first, then by name (what the original library does): every tensor lies on a
  // multiple of its element size.
  const named = Object.entries(tensors).sort(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) {
    header.__metadata__ = Object.fromEntries(
      Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  const chunks: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of named) {
    const { data, shape } = tensor;
    if (name === '__metadata__' || data.length !== elementCount(shape)) {
      throw new RunStoreError(
        `${path}: tensor "${name}" ${formatType(tensor)} cannot be written with ${data.length} elements`,
      );
    }
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype: storedDType(data), shape, data_offsets: [begin, end] };
    for (let at = 0; at < data.byteLength; at += LARGEST_TRANSFER) {
      const length = Math.min(LARGEST_TRANSFER, data.byteLength - at);
      chunks.push(new Uint8Array(data.buffer, data.byteOffset + at, length));
    }
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces after the JSON put the data on a multiple of 8 bytes.
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  writeFileAtomic(path, length, text, padding, ...chunks);
}

function storedDType(data: HostArray): StoredDType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/** Reads a safetensors file of F32, F64, I32, I64 and U8 tensors. F64 stays float64 (dtype f32, see
 *  {@link HostTensor}); I64 becomes i32 if every value fits.
 *  @throws RunStoreError naming the path and what is wrong, if the file is missing, damaged or
 *  holds another type */
export function readSafetensors(path: string): SafetensorsFile {
  return withHeader(path, (file, header) => {
    const tensors: Record<string, HostTensor> = {};
    for (const stored of header.tensors) tensors[stored.name] = readTensor(path, file, stored);
    return { tensors, metadata: header.metadata };
  });
}

/** The metadata of a safetensors file; its tensors are not read.
 *  @throws RunStoreError as {@link readSafetensors} does */
export function readSafetensorsMetadata(path: string): SafetensorsFile['metadata'] {
  return withHeader(path, (_, { metadata }) => metadata);
}

/** Reads one tensor of a safetensors file, however large the rest is; null if there is none of this
 *  name. Shape and dtype are those of the file, F64 and I64 as {@link readSafetensors} has them.
 *  @throws RunStoreError as {@link readSafetensors} does */
export function readSafetensorsTensor(path: string, name: string): HostTensor | null {
  return withHeader(path, (file, { tensors }) => {
    const stored = tensors.find((tensor) => tensor.name === name);
    return stored === undefined ? null : readTensor(path, file, stored);
  });
}

function withHeader<T>(path: string, use: (file: number, header: SafetensorsHeader) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw systemError(cause, path) ?? cause;
    throw new RunStoreError(`${path}: does not exist`, { cause });
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new RunStoreError(`${path}: is not a file`);
    const { size } = stats;
    return use(
      file,
      parseHeader(path, size, (at, length) => readBytes(path, file, at, length)),
    );
  } finally {
    closeSync(file);
  }
}

function readTensor(path: string, file: number, stored: StoredTensor): HostTensor {
  // Bytes of their own for each tensor: aligned whatever the writer did, and freed one by one.
  const { buffer } = readBytes(path, file, stored.begin, stored.end - stored.begin);
  const { shape } = stored;
  switch (stored.dtype) {
    case 'F32':
      return { dtype: 'f32', shape, data: new Float32Array(buffer) };
    case 'F64':
      return { dtype: 'f32', shape, data: new Float64Array(buffer) };
    case 'I32':
      return { dtype: 'i32', shape, data: new Int32Array(buffer) };
    case 'U8':
      return { dtype: 'u8', shape, data: new Uint8Array(buffer) };
    case 'I64':
      return { dtype: 'i32', shape, data: narrow(path, stored.name, new BigInt64Array(buffer)) };
  }
}

function narrow(path: string, name: string, wide: BigInt64Array): Int32Array {
  return Int32Array.from(wide, (value) => {
    if (BigInt.asIntN(32, value) !== value) {
      throw new RunStoreError(`${path}: tensor "${name}" (I64) holds ${value}, beyond 32 bits`);
    }
    return Number(value);
  });
}

function readBytes(
  path: string,
  file: number,
  at: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const part = Math.min(LARGEST_TRANSFER, length - done);
    const got = readSync(file, bytes, done, part, at + done);
    if (got === 0) throw new RunStoreError(`${path}: the file ended while it was read`);
    done += got;
  }
  return bytes;
}
