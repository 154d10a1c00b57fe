// A store as a source: raw records are used where they lie, JPEG records are images like any
// others.
import { closeSync, openSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataError } from '../../base/errors.js';
import { readFully } from '../store/read-fully.js';
import { recordStarts } from '../store/record-starts.js';
import type { ImageSource, PartName, SourceEntry } from '../source.js';
import { type PartIndex, readStoreIndex } from '../store/store-file.js';

/** Opens a store that `data pack` made. @throws DataError if it is damaged */
export function storeSource(path: string): ImageSource {
  const { header, train, val } = readStoreIndex(path);
  const { classes, manifestHash, packed } = header;
  const { size } = statSync(path);
  const recognised = 'a store made by selffer data pack';
  const source = { path, recognised, bytes: size, fingerprint: manifestHash };
  if (packed?.records !== 'jpeg') {
    // No entries: whoever reads a source asks for `rawStore` first.
    return { ...source, listing: [], rawStore: header, async *entries() {} };
  }
  const starts = recordStarts([train, val]);
  async function* entries(onBytes: (bytes: number) => void): AsyncGenerator<SourceEntry> {
    const file = openSync(path, 'r');
    try {
      for (const [part, index] of [
        ['train', train],
        ['val', val],
      ] as [PartName, PartIndex][]) {
        for (const name of classes) yield { kind: 'class', part, class: name };
        for (const [at, label] of index.labels.entries()) {
          const bytes = new Uint8Array(index.records?.lengths[at] ?? 0);
          readFully(path, file, bytes, starts[index.places[at] as number] as number);
          onBytes(bytes.length);
          const name = index.records?.names[at] as string;
          const isWhole = crc32(bytes) === index.records?.crc32[at];
          const read = () => Promise.resolve(isWhole ? bytes : refuseRecord());
          yield { kind: 'file', part, class: classes[label] as string, name, origin: path, read };
        }
      }
    } finally {
      closeSync(file);
    }
  }
  const channels = () => Promise.resolve(header.channels);
  return { ...source, listing: null, jpegStore: header, channels, entries };
}

function refuseRecord(): never {
  throw new DataError('the record’s checksum differs: the store is damaged there');
}
