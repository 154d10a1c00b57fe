// The store: all decoded images of a data set in one file. Layout (little-endian):
//   0      "SELFFER IMAGES 1", u64 start and u64 length of the index, u64 length of its JSON, SHA-256 of the index
//   4096   records, u8 [C,H,W] each, in the order in which the source gave them (a file that failed leaves a hole)
//   index  JSON; then i32 labels and u32 record places of train, then of val, in byte order of (class, file name)
// The index comes last because labels, counts and order are known only when an archive has been read to its end.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../base/errors.js';
import { readFully } from './read-fully.js';

/** Bytes before the first record: a page, so that records could be mapped into memory. */
export const RECORDS_AT = 4096;

const MAGIC = 'SELFFER IMAGES 1';
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
}

/** Labels and places of one part's records. */
export interface PartIndex {
  /** i32 [count]: index into `classes`, ascending. */
  readonly labels: Int32Array;
  /** u32 [count]: the record's place; it lies at RECORDS_AT + place * C*H*W. */
  readonly places: Uint32Array;
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
  const tables = [index.train.labels, index.train.places, index.val.labels, index.val.places];
  const bytes = Buffer.concat([
    json,
    ...tables.map((table) => Buffer.from(table.buffer, table.byteOffset, table.byteLength)),
  ]);
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.write(MAGIC, 'latin1');
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
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  readSync(file, prelude, 0, PRELUDE_BYTES, 0);
  if (prelude.toString('latin1', 0, MAGIC.length) !== MAGIC) damaged('its first bytes are foreign');
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
  return { header, train: part(tables, train), val: part(tables + 8 * train, val) };
}

/** Sum of the images of all classes. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
