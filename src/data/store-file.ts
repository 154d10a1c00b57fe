// The store: all decoded images of a data set in one file. Layout (little-endian):
//   0      "SELFFER IMAGES 1", u64 start and u64 length of the index, u64 length of its JSON, SHA-256 of the index
//   4096   records, u8 [C,H,W] each, in the order in which the source gave them (a file that failed leaves a hole)
//   index  JSON; then i32 labels and u32 record places of train, then of val, in byte order of (class, file name)
// Packed stores ("SELFFER IMAGES 2") also have, after these tables: u32 CRC-32 of each record of train, then of val; u32 lengths
// likewise; and a JSON array of the file names of train, then of val. Their records, raw or JPEG, lie one after another without holes.
// The index comes last because labels, counts and order are known only when an archive has been read to its end.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../base/errors.js';
import type { Resize } from './decode.js';
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
  readonly channels: number;
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
  /** The source's file name below its class. */
  readonly names: readonly string[];
}

/** All of a store but its pixels. */
export interface StoreIndex {
  readonly header: StoreHeader;
  readonly train: PartIndex;
  readonly val: PartIndex;
}

/** The bytes that end a store whose records end at `at`, and the prelude that then makes it valid. */
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

/** Reads a store's index and checks that the file is whole. @throws DataError if it is missing, foreign, cut off or damaged */
export function readStoreIndex(path: string): StoreIndex {
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
    return decodeIndex(path, file);
  } finally {
    closeSync(file);
  }
}

function decodeIndex(path: string, file: number): StoreIndex {
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
  const number = (place: number) => Number(prelude.readBigUInt64LE(place));
  const [at, length] = [number(INDEX_AT), number(INDEX_LENGTH)];
  const { size } = fstatSync(file);
  if (at + length !== size) damaged(`it has ${size} bytes, wanted ${at + length}`);
  const bytes = new Uint8Array(length);
  readFully(path, file, bytes, at);
  if (!sha256(bytes).equals(prelude.subarray(INDEX_SHA256))) {
    damaged('the checksum of its index differs');
  }
  const tables = number(JSON_LENGTH);
  const header = JSON.parse(Buffer.from(bytes.buffer, 0, tables).toString()) as StoreHeader;
  const train = total(header.counts.train);
  const val = total(header.counts.val);
  const part = (from: number, count: number): PartIndex => ({
    labels: new Int32Array(bytes.buffer, from, count),
    places: new Uint32Array(bytes.buffer, from + 4 * count, count),
  });
  const index = { header, train: part(tables, train), val: part(tables + 8 * train, val) };
  return magic === MAGIC ? index : withRecordTables(index, bytes, tables + 8 * (train + val));
}

// Not "delete it": it may be the data themselves.
function refuseForeign(message: string): never {
  throw new DataError(message, {
    hint: 'Images become a store by: selffer data pack SOURCE --out STORE --size PIXELS',
  });
}

function withRecordTables(index: StoreIndex, bytes: Uint8Array, at: number): StoreIndex {
  const [train, val] = [index.train.labels.length, index.val.labels.length];
  const count = train + val;
  const names = JSON.parse(Buffer.from(bytes.buffer, at + 8 * count).toString()) as string[];
  const part = (first: number, length: number): RecordTable => ({
    crc32: new Uint32Array(bytes.buffer, at + 4 * first, length),
    lengths: new Uint32Array(bytes.buffer, at + 4 * (count + first), length),
    names: names.slice(first, first + length),
  });
  return {
    header: index.header,
    train: { ...index.train, records: part(0, train) },
    val: { ...index.val, records: part(train, val) },
  };
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
