// The bytes of a store's file, all numbers little-endian:
//   0     prelude: "SELFFER IMAGES 3"; u64 start and length of the index, u64 length of its JSON;
//         SHA-256 of the 40 bytes before it and the index
//   4096  records, raw (u8 [C,H,W]) or JPEG, one after another
//   ...   index: JSON (a StoreHeader with `schema` and `tables`), then the tables that it lists
// The index comes last because labels, counts and order are known only when an archive has been
// read to its end. `tables` is a list of [part, name, bytes]:
//   labels    i32, index into the classes        crc32     u32, CRC-32 of the record
//   places    u32, the record's place            lengths   u32, bytes of the record
//   nameEnds  u32, where each name ends          names     UTF-8, one name after another
// each in the part's order: byte order of (class, file name). Keys and tables that a reader does
// not know are passed over. Formats 1 and 2 are read, not written: see old-layout.ts.
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes before the first record: a page, so that records could be mapped into memory. */
export const RECORDS_AT = 4096;

const MAGIC = 'SELFFER IMAGES ';

/** The format that is written, and the newest that is read. */
export const FORMAT = 3;

const MAGIC_BYTES = MAGIC.length + 1;
const INDEX_AT = MAGIC_BYTES;
const INDEX_LENGTH = INDEX_AT + 8;
const JSON_LENGTH = INDEX_LENGTH + 8;

/** Where the checksum begins in the prelude; from format 3 on it covers what comes before. */
export const INDEX_SHA256 = JSON_LENGTH + 8;

/** Bytes of the prelude. */
export const PRELUDE_BYTES = INDEX_SHA256 + 32;

/** Where a store's index is. */
export interface Prelude {
  /** 1 to {@link FORMAT}; larger if a newer version wrote it. */
  readonly format: number;
  /** Byte of the file at which the index begins. */
  readonly indexAt: number;
  /** Bytes of the index: JSON, tables, names. */
  readonly indexLength: number;
  /** Bytes of its JSON. */
  readonly jsonLength: number;
}

/** Reads a prelude; null if the bytes are not one. @param bytes u8 [72] */
export function readPrelude(bytes: Buffer): Prelude | null {
  const format = formatOf(bytes);
  if (format === null) return null;
  const number = (place: number) => Number(bytes.readBigUInt64LE(place));
  return {
    format,
    indexAt: number(INDEX_AT),
    indexLength: number(INDEX_LENGTH),
    jsonLength: number(JSON_LENGTH),
  };
}

/** The prelude of format 3, without its checksum. */
export function writePrelude({ indexAt, indexLength, jsonLength }: Omit<Prelude, 'format'>) {
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.write(`${MAGIC}${FORMAT}`, 'latin1');
  prelude.writeBigUInt64LE(BigInt(indexAt), INDEX_AT);
  prelude.writeBigUInt64LE(BigInt(indexLength), INDEX_LENGTH);
  prelude.writeBigUInt64LE(BigInt(jsonLength), JSON_LENGTH);
  return prelude;
}

function formatOf(bytes: Buffer): number | null {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const digit = bytes.toString('latin1', MAGIC.length, MAGIC_BYTES);
  return /^[1-9]$/.test(digit) ? Number(digit) : null;
}

/** Whether a file begins like a store, of whatever format; nothing else of it is checked. */
export function isStoreFile(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(MAGIC_BYTES);
    readSync(file, start, 0, start.length, 0);
    return formatOf(start) !== null;
  } finally {
    closeSync(file);
  }
}
