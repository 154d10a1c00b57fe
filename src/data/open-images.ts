// A store on disk as an image set.
import { closeSync, openSync } from 'node:fs';
import { DataError } from '../base/errors.js';
import type { ImagePart, ImageSet } from './image-set.js';
import { readFully } from './read-fully.js';
import { type PartIndex, readStoreIndex, RECORDS_AT } from './store-file.js';

/** How a store's records are reached; memory and positioned reads today, a mapping could be a third. */
type RecordReader = (place: number) => Uint8Array;

// Node 20 has no buffers of 4 GiB and more.
/** Largest records that are kept in memory. */
export const IN_MEMORY_BYTES = 4e9;

/** Opens a store that `prepareImages` made. Records of up to `inMemoryBytes` altogether are read into memory at once; of larger
 *  stores, each record is read from the file when it is asked for (the system's file cache keeps what fits).
 *  @param records all records, if another thread has read them
 *  @throws DataError if the store is missing or damaged */
export function openImages(
  path: string,
  inMemoryBytes: number = IN_MEMORY_BYTES,
  records?: SharedArrayBuffer,
): ImageSet {
  const { header, train, val } = readStoreIndex(path);
  if (header.packed?.records === 'jpeg') {
    throw new DataError(`${path}: its records are JPEG images, wanted raw ones`, {
      hint: 'Name it as the data source of a study: it is decoded into the cache first.',
    });
  }
  const recordBytes = header.channels * header.size * header.size;
  const places = 1 + Math.max(lastPlace(train), lastPlace(val));
  const isInMemory = places * recordBytes <= inMemoryBytes;
  const shared = records ?? (isInMemory ? readRecords(path, places * recordBytes) : undefined);
  const reader =
    shared === undefined ? fileReader(path, recordBytes) : memoryReader(shared, recordBytes);
  const part = ({ labels, places }: PartIndex): ImagePart => ({
    count: labels.length,
    labels,
    pixels: (index) => {
      const place = places[index];
      if (place === undefined) {
        throw new DataError(`${path}: no image ${index}, the part has ${labels.length}`);
      }
      return reader(place);
    },
  });
  const { classes, channels, size, manifestHash } = header;
  return {
    classes,
    channels,
    size,
    manifestHash,
    train: part(train),
    val: part(val),
    ...(shared === undefined ? {} : { records: shared }),
  };
}

function lastPlace(part: PartIndex): number {
  return part.places.reduce((last, place) => Math.max(last, place), -1);
}

function readRecords(path: string, bytes: number): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes);
  const file = openSync(path, 'r');
  try {
    readFully(path, file, new Uint8Array(shared), RECORDS_AT);
  } finally {
    closeSync(file);
  }
  return shared;
}

function memoryReader(shared: SharedArrayBuffer, recordBytes: number): RecordReader {
  const records = new Uint8Array(shared);
  return (place) => records.subarray(place * recordBytes, (place + 1) * recordBytes);
}

// The file stays open as long as the process lives. A fresh array for each record, because views must stay valid.
function fileReader(path: string, recordBytes: number): RecordReader {
  const file = openSync(path, 'r');
  return (place) => {
    const record = new Uint8Array(recordBytes);
    readFully(path, file, record, RECORDS_AT + place * recordBytes);
    return record;
  };
}
