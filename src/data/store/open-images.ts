// A store on disk as an image set. Small stores of raw records are kept in memory; all others are
// read record by record.
import { imageValues } from '../image-form.js';
import type { ImagePart, ImageSet, SharedStore } from '../image-set.js';
import { DataError } from '../../base/errors.js';
import { jpegRecords } from './jpeg-records.js';
import { type RawLayout, rawRecords, rawRecordsInMemory } from './raw-records.js';
import type { Records } from './records.js';
import type { PartName } from '../source.js';
import { type PartIndex, readStoreIndex } from './store-file.js';

// Node 20 has no buffers of 4 GiB and more.
/** Largest raw records that are kept in memory. */
export const IN_MEMORY_BYTES = 4e9;

/** Opens a store. Raw records of up to `inMemoryBytes` altogether are read into memory at once. Of
 *  larger stores each record is read from the file when it is asked for, straight to where it is
 *  wanted (the system's file cache keeps what fits); JPEG records are read likewise and decoded.
 *  @param shared what another thread has read of it
 *  @param isChecking false: raw records that are not kept in memory are not compared with their
 *  checksums
 *  @throws DataError if the store is missing or damaged */
export function openImages(
  path: string,
  inMemoryBytes: number = IN_MEMORY_BYTES,
  shared?: SharedStore,
  isChecking = true,
): ImageSet {
  const index = readStoreIndex(path, shared?.index);
  const { classes, channels, size, manifestHash, packed } = index.header;
  const form = { channels, height: size, width: size };
  const isJpeg = packed?.records === 'jpeg';
  const layout: RawLayout = { path, index, recordBytes: imageValues(form) };
  // Another thread has decided already.
  const isSmall = shared ? shared.records !== undefined : rawBytes(layout) <= inMemoryBytes;
  const isInMemory = !isJpeg && isSmall;
  const records = isJpeg
    ? jpegRecords(path, index)
    : isInMemory
      ? rawRecordsInMemory(layout, rawBytes(layout), shared?.records)
      : rawRecords(layout, isChecking);
  const part = (name: PartName): ImagePart => imagePart(path, name, index[name], layout, records);
  const memory = records.memory === undefined ? {} : { records: records.memory };
  return {
    ...{ classes, form, manifestHash },
    train: part('train'),
    val: part('val'),
    shared: { index: index.memory, ...memory },
    isEncoded: !records.isDecoded,
    ...(isInMemory ? {} : { contentKey: index.sha256 }),
  };
}

function rawBytes({ index, recordBytes }: RawLayout): number {
  return recordBytes * (1 + Math.max(lastPlace(index.train), lastPlace(index.val)));
}

function lastPlace({ places }: PartIndex): number {
  let last = -1;
  for (const place of places) last = Math.max(last, place);
  return last;
}

function imagePart(
  path: string,
  name: PartName,
  { labels }: PartIndex,
  { recordBytes }: RawLayout,
  records: Records,
): ImagePart {
  const read = (index: number, into: Uint8Array): void | Promise<void> => {
    if (index >= 0 && index < labels.length) return records.read(name, index, into);
    throw new DataError(`${path}: no image ${index}, the part has ${labels.length}`);
  };
  const { readAhead } = records;
  return {
    count: labels.length,
    labels,
    read,
    ...(readAhead && { readAhead: (images: Int32Array) => readAhead(name, images) }),
    pixels: (index) => {
      if (!records.isDecoded) {
        throw new DataError(`${path}: its records are JPEG images, wanted raw ones`);
      }
      const pixels = new Uint8Array(recordBytes);
      void read(index, pixels);
      return pixels;
    },
  };
}
