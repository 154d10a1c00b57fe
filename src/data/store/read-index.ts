// Reading a store's index: checked once, then views of one memory that threads share.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import { byPart, neededParts, type PartName } from '../parts.js';
import { indexLayout, residentBytes } from './index-layout.js';
import { type IndexLayout, tableName } from './index-tables.js';
import { namesInJson, namesOnDisk, type NameTable, nameList } from './names.js';
import { OLD_NAMES } from './old-layout.js';
import { readFully } from './read-fully.js';
import { FORMAT, INDEX_SHA256, type Prelude, PRELUDE_BYTES, readPrelude } from './store-format.js';
import { imagesOf, type PartIndex, type RecordTable, type StoreIndex } from './store-index.js';

// In memory the prelude is followed by the index, on a multiple of 4 bytes.
const INDEX_IN_MEMORY = 128;
const CHUNK_BYTES = 8 * 2 ** 20;

/** What reading a store's index gives beside its content. */
export interface OpenedIndex {
  /** Prelude, JSON and tables (all but the names), for other threads. */
  readonly memory: SharedArrayBuffer;
  /** Hash of the whole index, names and checksums included: stores of equal hashes hold the same
   *  images. */
  readonly sha256: string;
}

/** Reads a store's index and checks that the file is whole. Names of files stay on disk until they
 *  are asked for.
 *  @param known the `memory` of the index as another thread has read it: nothing is read or checked
 *  again
 *  @throws DataError if it is missing, foreign, cut off or damaged, or of a newer format */
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

/** Prelude, JSON and resident tables of an open store, after every byte of the index was
 *  checked. */
function loadIndex(path: string, file: number): SharedArrayBuffer {
  if (fstatSync(file).isDirectory()) refuseForeign(`${path} is a folder, wanted a store`);
  const bytes = Buffer.alloc(PRELUDE_BYTES);
  readSync(file, bytes, 0, PRELUDE_BYTES, 0);
  const prelude = knownPrelude(path, bytes);
  const { format, indexAt: at, indexLength: length } = prelude;
  const { size } = fstatSync(file);
  if (at + length !== size) damaged(path, `it has ${size} bytes, wanted ${at + length}`);
  const json = Buffer.alloc(Math.min(length, prelude.jsonLength));
  readFully(path, file, json, at);
  const layout = indexLayout(format, json, length);
  const kept = layout === null ? json.length : residentBytes(layout, json.length);
  const memory = new SharedArrayBuffer(INDEX_IN_MEMORY + kept);
  const index = new Uint8Array(memory, INDEX_IN_MEMORY);
  readFully(path, file, index, at);
  const hash = createHash('sha256');
  if (format >= 3) hash.update(bytes.subarray(0, INDEX_SHA256));
  hash.update(index);
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, length - kept));
  for (let done = kept; done < length; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, length - done));
    readFully(path, file, part, at + done);
    hash.update(part);
  }
  if (!hash.digest().equals(bytes.subarray(INDEX_SHA256))) {
    damaged(path, 'the checksum of its index differs');
  }
  if (layout === null) damaged(path, 'the header of its index cannot be read');
  new Uint8Array(memory).set(bytes);
  return memory;
}

function knownPrelude(path: string, bytes: Buffer): Prelude {
  const prelude = readPrelude(bytes);
  if (prelude === null) {
    return refuseForeign(
      `${path}: not a store, or a damaged store of decoded images: its first bytes are foreign`,
    );
  }
  if (prelude.format <= FORMAT) return prelude;
  throw new DataError(
    `${path}: a store of format ${prelude.format}, this version reads formats 1 to ${FORMAT}`,
    { hint: 'Install the version of selffer that wrote it, or pack the images again.' },
  );
}

function damaged(path: string, found: string): never {
  throw new DataError(`${path}: damaged store of decoded images: ${found}`, {
    hint: 'Delete the file: it is made again from its source.',
  });
}

// Not "delete it": it may be the data themselves.
function refuseForeign(message: string): never {
  throw new DataError(message, {
    hint: 'Images become a store by: selffer data pack SOURCE --out STORE --size PIXELS',
  });
}

function indexOf(path: string, memory: SharedArrayBuffer): StoreIndex & OpenedIndex {
  const bytes = Buffer.from(memory, 0, PRELUDE_BYTES);
  const prelude = knownPrelude(path, bytes);
  const json = Buffer.from(memory, INDEX_IN_MEMORY, prelude.jsonLength);
  const layout = indexLayout(prelude.format, json, prelude.indexLength);
  if (layout === null) return damaged(path, 'the header of its index cannot be read');
  const sha256 = bytes.toString('hex', INDEX_SHA256, PRELUDE_BYTES);
  const namesOf = nameTables(path, prelude, layout, sha256);
  const parts = byPart((part) => partIndex(memory, layout, part, namesOf));
  return { header: layout.header, ...parts, memory, sha256 };
}

function partIndex(
  memory: SharedArrayBuffer,
  layout: IndexLayout,
  part: PartName,
  namesOf: (part: PartName) => NameTable,
): PartIndex {
  const place = (table: string): [at: number, words: number] => {
    const { at = 0, bytes = 0 } = layout.tables.get(tableName(part, table)) ?? {};
    return [INDEX_IN_MEMORY + at, bytes / 4];
  };
  const words = (table: string) => new Uint32Array(memory, ...place(table));
  const index = { labels: new Int32Array(memory, ...place('labels')), places: words('places') };
  if (layout.header.packed === undefined) return index;
  const records: RecordTable = {
    crc32: words('crc32'),
    lengths: words('lengths'),
    names: namesOf(part),
  };
  return { ...index, records };
}

/** The names of each part, wherever the store's format has them. */
function nameTables(
  path: string,
  { indexAt }: Prelude,
  { header, tables }: IndexLayout,
  sha256: string,
): (part: PartName) => NameTable {
  const old = tables.get(OLD_NAMES);
  if (old !== undefined) {
    const all = lazily(() => readOldNames(path, indexAt + old.at, old.bytes));
    const before = (part: PartName) =>
      neededParts
        .slice(
          0,
          neededParts.findIndex((each) => each === part),
        )
        .reduce((sum, each) => sum + imagesOf(header, each), 0);
    return (part) => namesInJson(all, before(part), imagesOf(header, part));
  }
  return (part) => {
    const [ends, names] = [
      tables.get(tableName(part, 'nameEnds')),
      tables.get(tableName(part, 'names')),
    ];
    if (ends === undefined || names === undefined) return nameList([]);
    const [endsAt, namesAt] = [indexAt + ends.at, indexAt + names.at];
    return namesOnDisk({ path, sha256, count: imagesOf(header, part), endsAt, namesAt });
  };
}

/** The JSON array of names of format 2.
 *  @throws DataError if the file is gone or was replaced meanwhile */
function readOldNames(path: string, at: number, length: number): readonly string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      readFully(path, file, bytes, at);
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
