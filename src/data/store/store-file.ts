// The store: all decoded images of a data set in one file. Layout (little-endian):
// 0 "SELFFER IMAGES 1", u64 start and u64 length of the index, u64 length of its JSON, SHA-256 of
// the index
// 4096 records, u8 [C,H,W] each, in the order in which the source gave them (a file that failed
// leaves a hole)
// index JSON; then i32 labels and u32 record places of train, then of val, in byte order of (class,
// file name) Packed stores ("SELFFER IMAGES 2") also have, after these tables: u32 CRC-32 of each
// record of train, then of val; u32 lengths likewise; and a JSON array of the file names of train,
// then of val. Their records, raw or JPEG, lie one after another without holes. The index comes
// last because labels, counts and order are known only when an archive has been read to its end.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import type { Resize } from '../images/decode.js';
import type { Channels } from '../image-set.js';
import { readFully } from './read-fully.js';

/** Bytes before the first record: a page, so that records could be mapped into memory. */
export const RECORDS_AT = 4096;

const MAGIC = 'SELFFER IMAGES 1';
const PACKED_MAGIC = 'SELFFER IMAGES 2';
// Where the numbers of the prelude lie.
const INDEX_AT = MAGIC.length;
const INDEX_LENGTH = INDEX_AT + 8;
const JSON_LENGTH = INDEX_LENGTH + 8;
const INDEX_SHA256 = JSON_LENGTH + 8;
const PRELUDE_BYTES = INDEX_SHA256 + 32;

// In memory the prelude is followed by the index, on a multiple of 4 bytes.
const INDEX_IN_MEMORY = 128;
const CHUNK_BYTES = 8 * 2 ** 20;

/** A file of the source that is not in the store. */
export interface SkippedFile {
  /** "train/<class>/<name>". */
  readonly file: string;
  /** Folder or archive it lies in. */
  readonly origin: string;
  readonly reason: string;
}

/** How `data pack` made a store. */
export interface PackedFacts {
  /** What a record is: u8 [C,H,W], or a JPEG file. */
  readonly records: 'raw' | 'jpeg';
  readonly resize: Resize;
  /** Hash of everything that determines the store's bytes. */
  readonly key: string;
  /** Files that were kept although something about them was unusual. */
  readonly remarks: readonly SkippedFile[];
}

/** What is known about a data set without its pixels; the JSON part of a store's index. */
export interface StoreHeader {
  readonly schema: 'selffer.images/1';
  /** Class names in byte order. */
  readonly classes: readonly string[];
  /** Images of each class, in the order of `classes`. */
  readonly counts: { readonly train: readonly number[]; readonly val: readonly number[] };
  readonly channels: Channels;
  /** Height = width. */
  readonly size: number;
  /** See {@link ImageSet.manifestHash}. */
  readonly manifestHash: string;
  readonly skipped: readonly SkippedFile[];
  /** Absolute paths of the folders and archives it was made from. */
  readonly sources: readonly string[];
  /** Only in packed stores. */
  readonly packed?: PackedFacts;
}

/** Labels and places of one part's records. */
export interface PartIndex {
  /** i32 [count]: index into `classes`, ascending. */
  readonly labels: Int32Array;
  /** u32 [count]: the record's place; it lies at RECORDS_AT + place * C*H*W. */
  readonly places: Uint32Array;
  /** Only in packed stores. */
  readonly records?: RecordTable;
}

/** What a packed store knows of each record of a part, in the part's order. */
export interface RecordTable {
  /** u32 [count]: CRC-32 of the record. */
  readonly crc32: Uint32Array;
  /** u32 [count]: bytes of the record. */
  readonly lengths: Uint32Array;
  /** The source's file name below its class. Stores that were opened read all names when the first
   *  is asked for. */
  readonly names: readonly string[];
}

/** All of a store but its pixels. */
export interface StoreIndex {
  readonly header: StoreHeader;
  readonly train: PartIndex;
  readonly val: PartIndex;
}

/** The bytes that end a store whose records end at `at`, and the prelude that then makes it
 *  valid. */
export function encodeIndex(index: StoreIndex, at: number): { index: Buffer; prelude: Buffer } {
  const text = Buffer.from(JSON.stringify(index.header));
  // Spaces after the JSON keep the tables on multiples of 4 bytes.
  const json = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const { train, val } = index;
  const tables: (Int32Array | Uint32Array)[] = [
    ...[train.labels, train.places],
    ...[val.labels, val.places],
  ];
  const [a, b] = [train.records, val.records];
  const isPacked = a !== undefined && b !== undefined;
  if (isPacked) tables.push(a.crc32, b.crc32, a.lengths, b.lengths);
  const bytes = Buffer.concat([
    json,
    ...tables.map((table) => Buffer.from(table.buffer, table.byteOffset, table.byteLength)),
    Buffer.from(isPacked ? JSON.stringify([...a.names, ...b.names]) : ''),
  ]);
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.write(isPacked ? PACKED_MAGIC : MAGIC, 'latin1');
  prelude.writeBigUInt64LE(BigInt(at), INDEX_AT);
  prelude.writeBigUInt64LE(BigInt(bytes.length), INDEX_LENGTH);
  prelude.writeBigUInt64LE(BigInt(json.length), JSON_LENGTH);
  sha256(bytes).copy(prelude, INDEX_SHA256);
  return { index: bytes, prelude };
}

/** Reads a store's index and checks that the file is whole. Names of files stay on disk until they
 *  are asked for.
 *  @param known the `memory` of the index as another thread has read it: nothing is read or checked
 *  again
 *  @throws DataError if it is missing, foreign, cut off or damaged */
export function readStoreIndex(path: string, known?: SharedArrayBuffer): StoreIndex & OpenedIndex {
  if (known !== undefined) return indexOf(path, known);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new DataError(`${path}: this store of decoded images cannot be opened`, {
      hint: 'It is made when the study is run or planned again.',
      cause,
    });
  }
  try {
    return indexOf(path, loadIndex(path, file));
  } finally {
    closeSync(file);
  }
}

/** What reading a store's index gives beside its content. */
export interface OpenedIndex {
  /** Prelude, JSON and tables (all but the names), for other threads. */
  readonly memory: SharedArrayBuffer;
  /** Hash of the whole index, names and checksums included: stores of equal hashes hold the same
   *  images. */
  readonly sha256: string;
}

const number = (prelude: Buffer, place: number) => Number(prelude.readBigUInt64LE(place));

/** Prelude, JSON and tables of an open store, after every byte of the index was checked. */
function loadIndex(path: string, file: number): SharedArrayBuffer {
  const damaged = (found: string): never => {
    throw new DataError(`${path}: damaged store of decoded images: ${found}`, {
      hint: 'Delete the file: it is made again from its source.',
    });
  };
  if (fstatSync(file).isDirectory()) refuseForeign(`${path} is a folder, wanted a store`);
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  readSync(file, prelude, 0, PRELUDE_BYTES, 0);
  const magic = prelude.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC && magic !== PACKED_MAGIC)
    refuseForeign(
      `${path}: no store, or a damaged store of decoded images: its first bytes are foreign`,
    );
  const [at, length] = [number(prelude, INDEX_AT), number(prelude, INDEX_LENGTH)];
  const { size } = fstatSync(file);
  if (at + length !== size) damaged(`it has ${size} bytes, wanted ${at + length}`);
  const jsonLength = Math.min(length, number(prelude, JSON_LENGTH));
  const json = Buffer.alloc(jsonLength);
  readFully(path, file, json, at);
  const kept = Math.min(length, jsonLength + tableBytes(json, magic === PACKED_MAGIC));
  const memory = new SharedArrayBuffer(INDEX_IN_MEMORY + kept);
  const index = new Uint8Array(memory, INDEX_IN_MEMORY);
  readFully(path, file, index, at);
  const hash = createHash('sha256').update(index);
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, length - kept));
  for (let done = kept; done < length; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, length - done));
    readFully(path, file, part, at + done);
    hash.update(part);
  }
  if (!hash.digest().equals(prelude.subarray(INDEX_SHA256))) {
    damaged('the checksum of its index differs');
  }
  new Uint8Array(memory).set(prelude);
  return memory;
}

// Not "delete it": it may be the data themselves.
function refuseForeign(message: string): never {
  throw new DataError(message, {
    hint: 'Images become a store by: selffer data pack SOURCE --out STORE --size PIXELS',
  });
}

/** Bytes of the tables that a header announces; 0 if it cannot be read, which the checksum will
 *  tell. */
function tableBytes(json: Buffer, isPacked: boolean): number {
  try {
    const { counts } = JSON.parse(json.toString()) as StoreHeader;
    return (isPacked ? 16 : 8) * (total(counts.train) + total(counts.val));
  } catch {
    return 0;
  }
}

function indexOf(path: string, memory: SharedArrayBuffer): StoreIndex & OpenedIndex {
  const prelude = Buffer.from(memory, 0, PRELUDE_BYTES);
  const jsonLength = number(prelude, JSON_LENGTH);
  const text = Buffer.from(memory, INDEX_IN_MEMORY, jsonLength).toString();
  const header = JSON.parse(text) as StoreHeader;
  const counts = { train: total(header.counts.train), val: total(header.counts.val) };
  const all = counts.train + counts.val;
  const tables = INDEX_IN_MEMORY + jsonLength;
  const words = (from: number, count: number) => new Uint32Array(memory, tables + 4 * from, count);
  const part = (which: 'train' | 'val', from: number): PartIndex => ({
    labels: new Int32Array(memory, tables + 4 * from, counts[which]),
    places: words(from + counts[which], counts[which]),
  });
  const index = { header, train: part('train', 0), val: part('val', 2 * counts.train) };
  const opened = { memory, sha256: prelude.toString('hex', INDEX_SHA256, PRELUDE_BYTES) };
  if (prelude.toString('latin1', 0, MAGIC.length) === MAGIC) return { ...index, ...opened };
  const names = lazily(() => readNames(path, prelude, jsonLength + 16 * all));
  const table = (first: number, count: number): RecordTable => {
    const own = lazily(() => names().slice(first, first + count));
    return {
      crc32: words(2 * all + first, count),
      lengths: words(3 * all + first, count),
      get names() {
        return own();
      },
    };
  };
  return {
    header,
    train: { ...index.train, records: table(0, counts.train) },
    val: { ...index.val, records: table(counts.train, counts.val) },
    ...opened,
  };
}

/** The array of names at `offset` of the index.
 *  @throws DataError if the file is gone or was replaced meanwhile */
function readNames(path: string, prelude: Buffer, offset: number): readonly string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(number(prelude, INDEX_LENGTH) - offset);
      readFully(path, file, bytes, number(prelude, INDEX_AT) + offset);
      return JSON.parse(bytes.toString()) as string[];
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DataError(`${path}: the names of its images can no longer be read`, { cause });
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Whether a file begins like a store; nothing else of it is checked. */
export function isStoreFile(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(MAGIC.length);
    readSync(file, start, 0, start.length, 0);
    return [MAGIC, PACKED_MAGIC].includes(start.toString('latin1'));
  } finally {
    closeSync(file);
  }
}

/** Sum of the images of all classes. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
