// The end of a store's file, and the prelude that makes it valid.
import { createHash } from 'node:crypto';
import { DataError } from '../../base/errors.js';
import { partNames } from '../parts.js';
import { type ListedTable, SCHEMA } from './index-layout.js';
import { residentTables } from './index-tables.js';
import type { NameTable } from './names.js';
import { INDEX_SHA256, writePrelude } from './store-format.js';
import type { PartIndex, StoreIndex } from './store-index.js';

/** What is to be written last. */
export interface EncodedIndex {
  /** The index in pieces, to be written one after another: together they may be larger than one
   *  buffer. */
  readonly pieces: readonly Uint8Array[];
  /** Goes to the start of the file once all pieces are there. */
  readonly prelude: Buffer;
}

interface Table {
  readonly listed: ListedTable;
  readonly pieces: readonly Uint8Array[];
}

/** Encodes the index of a store whose records end at byte `at`.
 *  @throws DataError if the names of a part have 4 GiB and more */
export function encodeIndex(index: StoreIndex, at: number): EncodedIndex {
  const tables = [...resident(index), ...nameTables(index)];
  const text = { schema: SCHEMA, ...index.header, tables: tables.map(({ listed }) => listed) };
  const json = Buffer.from(JSON.stringify(text));
  // Spaces after the JSON keep the tables on multiples of 4 bytes.
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4, ' ');
  const pieces = [json, padding, ...tables.flatMap((table) => table.pieces)];
  const prelude = writePrelude({
    indexAt: at,
    indexLength: pieces.reduce((sum, piece) => sum + piece.length, 0),
    jsonLength: json.length + padding.length,
  });
  const hash = createHash('sha256').update(prelude.subarray(0, INDEX_SHA256));
  for (const piece of pieces) hash.update(piece);
  hash.digest().copy(prelude, INDEX_SHA256);
  return { pieces, prelude };
}

function resident(index: StoreIndex): Table[] {
  return residentTables.flatMap((table) =>
    partNames.flatMap((part): Table[] => {
      const words = wordsOf(index[part], table);
      if (words === undefined || words.length === 0) return [];
      const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      return [{ listed: [part, table, bytes.length], pieces: [bytes] }];
    }),
  );
}

function wordsOf({ labels, places, records }: PartIndex, table: (typeof residentTables)[number]) {
  return { labels, places, crc32: records?.crc32, lengths: records?.lengths }[table];
}

// All ends first: names may have any length, and the tables before them keep their place.
function nameTables(index: StoreIndex): Table[] {
  const parts = partNames.flatMap((part) => {
    const names = index[part].records?.names;
    return names === undefined || names.count === 0 ? [] : [{ part, ...encodeNames(names) }];
  });
  return [
    ...parts.map(({ part, ends }): Table => {
      const bytes = new Uint8Array(ends.buffer);
      return { listed: [part, 'nameEnds', bytes.length], pieces: [bytes] };
    }),
    ...parts.map(({ part, ends, pieces }): Table => {
      return { listed: [part, 'names', ends.at(-1) ?? 0], pieces };
    }),
  ];
}

// Names that are put together at a time: far from the largest buffer that there can be.
const JOINED = 2 ** 14;

function encodeNames(names: NameTable): { ends: Uint32Array<ArrayBuffer>; pieces: Buffer[] } {
  const ends = new Uint32Array(names.count);
  const pieces: Buffer[] = [];
  let end = 0;
  for (let first = 0; first < names.count; first += JOINED) {
    const start = end;
    const last = Math.min(first + JOINED, names.count);
    for (let at = first; at < last; at++) ends[at] = end += Buffer.byteLength(names.at(at));
    if (end >= 2 ** 32) {
      throw new DataError(
        `the file names have ${end} bytes and more, wanted less than 4 GiB a part`,
      );
    }
    const piece = Buffer.alloc(end - start);
    for (let at = first, to = 0; at < last; at++) to += piece.write(names.at(at), to);
    pieces.push(piece);
  }
  return { ends, pieces };
}
