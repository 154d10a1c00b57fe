// Raw records, u8 [C,H,W]: record of place p lies at RECORDS_AT + p * C*H*W of the store's file.
import { closeSync, openSync } from 'node:fs';
import { readFully } from './read-fully.js';
import { RecordFile } from './record-file.js';
import { Checksums, type Records } from './records.js';
import { RECORDS_AT } from './store-format.js';
import type { StoreIndex } from './store-index.js';

/** A store of raw records. */
export interface RawLayout {
  readonly path: string;
  readonly index: StoreIndex;
  /** C*H*W. */
  readonly recordBytes: number;
}

/** Records that stay on disk: one positioned read an image (docs/decisions/loading.md says why).
 *  @throws DataError if the file cannot be opened */
export function rawRecords({ path, index, recordBytes }: RawLayout, isChecking: boolean): Records {
  const file = new RecordFile(path, index, isChecking);
  return {
    isDecoded: true,
    read: (part, image, into) => {
      const place = index[part].places[image] as number;
      const record = into.length === recordBytes ? into : into.subarray(0, recordBytes);
      file.read(part, image, RECORDS_AT + place * recordBytes, record);
    },
    readAhead: (part, images) => {
      const { places } = index[part];
      const spanOf = (image: number) => {
        const start = RECORDS_AT + (places[image] as number) * recordBytes;
        return { start, end: start + recordBytes };
      };
      file.readAhead(Array.from(images, spanOf));
    },
  };
}

/** Records that are read at once. @param memory as another thread has read them */
export function rawRecordsInMemory(
  { path, index, recordBytes }: RawLayout,
  bytes: number,
  memory: SharedArrayBuffer = readAll(path, bytes),
): Records {
  const all = new Uint8Array(memory);
  const checksums = new Checksums(path, index);
  return {
    isDecoded: true,
    memory,
    read: (part, image, into) => {
      const at = (index[part].places[image] as number) * recordBytes;
      const record = all.subarray(at, at + recordBytes);
      checksums.check(part, image, record);
      into.set(record);
    },
  };
}

function readAll(path: string, bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  const file = openSync(path, 'r');
  try {
    readFully(path, file, new Uint8Array(memory), RECORDS_AT);
  } finally {
    closeSync(file);
  }
  return memory;
}
