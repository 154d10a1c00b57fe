// A store as a source: raw records are used where they lie, JPEG records are images like any
// others.
import { closeSync, openSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataError } from '../../base/errors.js';
import { neededParts, type PartName } from '../parts.js';
import type { ImageSource, SourceEntry, SourceFile, TestPart } from '../source.js';
import { readStoreIndex } from '../store/read-index.js';
import { readFully } from '../store/read-fully.js';
import { recordStarts } from '../store/record-starts.js';
import type { StoreIndex } from '../store/store-index.js';

/** Opens a store that `data pack` made. @throws DataError if it is damaged */
export function storeSource(path: string): ImageSource {
  const store = readStoreIndex(path);
  const { header } = store;
  const { manifestHash, testHash, packed } = header;
  const { size } = statSync(path);
  const recognised = 'a store made by selffer data pack';
  const fingerprint = testHash === undefined ? manifestHash : [manifestHash, testHash];
  const source = { path, recognised, bytes: size, fingerprint };
  if (packed?.records !== 'jpeg') {
    // No entries: the caller of a source asks for `rawStore` first.
    return { ...source, listing: [], rawStore: header, async *entries() {} };
  }
  const channels = () => Promise.resolve(header.form.channels);
  const test: TestPart = {
    listing: null,
    files: (_, onBytes) => filesOf(path, store, 'test', onBytes),
  };
  async function* entries(onBytes: (bytes: number) => void): AsyncGenerator<SourceEntry> {
    for (const part of neededParts) {
      for (const name of header.classes) yield { kind: 'class', part, class: name };
      yield* filesOf(path, store, part, onBytes);
    }
  }
  return { ...source, listing: null, jpegStore: header, channels, entries, test };
}

async function* filesOf(
  path: string,
  store: StoreIndex,
  part: PartName,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceFile> {
  const { labels, places, records } = store[part];
  if (records === undefined || labels.length === 0) return;
  const starts = recordStarts(store);
  const file = openSync(path, 'r');
  try {
    for (const [at, label] of labels.entries()) {
      const bytes = new Uint8Array(records.lengths[at] as number);
      readFully(path, file, bytes, starts[places[at] as number] as number);
      onBytes(bytes.length);
      const isWhole = crc32(bytes) === records.crc32[at];
      yield {
        ...{ kind: 'file', part, name: records.names.at(at), origin: path },
        class: store.header.classes[label] as string,
        read: () => Promise.resolve(isWhole ? bytes : refuseRecord()),
      };
    }
  } finally {
    closeSync(file);
  }
}

function refuseRecord(): never {
  throw new DataError('the record’s checksum differs: the store is damaged there');
}
