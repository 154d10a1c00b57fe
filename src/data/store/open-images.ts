// A store on disk as an image set. Small stores of raw records are kept in memory; all others are
// read record by record.
import { imageValues } from '../image-form.js';
import { type ImagePart, type ImageSet, noImages, type SharedStore } from '../image-set.js';
import { DataError } from '../../base/errors.js';
import { jpegRecords } from './jpeg-records.js';
import { type RawLayout, rawRecords, rawRecordsInMemory } from './raw-records.js';
import type { Records } from './records.js';
import { byPart, partNames, type PartName } from '../parts.js';
import type { PartIndex } from './store-index.js';
import { readStoreIndex } from './read-index.js';

// Node 20 has no buffers of 4 GiB and more.
/** Largest raw records that are kept in memory. */
export const IN_MEMORY_BYTES = 4e9;

/** Opens a store. Raw records of up to `inMemoryBytes` altogether are read into memory at once. Of
 *  larger stores each record is read from the file when it is asked for, straight to where it is
 *  wanted (the system's file cache keeps what fits); JPEG records are read so too, and decoded.
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
  const { classes, form, manifestHash, testHash, packed } = index.header;
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
  const parts = byPart((name) =>
    index[name].labels.length === 0 ? noImages : imagePart(layout, name, records),
  );
  const memory = records.memory === undefined ? {} : { records: records.memory };
  return {
    ...{ classes, form, manifestHash },
    ...(testHash === undefined ? {} : { testHash }),
    ...parts,
    shared: { index: index.memory, ...memory },
    isEncoded: !records.isDecoded,
    ...(isInMemory ? {} : { contentKey: index.sha256 }),
  };
}

function rawBytes({ index, recordBytes }: RawLayout): number {
  return recordBytes * (1 + Math.max(...partNames.map((part) => lastPlace(index[part]))));
}

function lastPlace({ places }: PartIndex): number {
  let last = -1;
  for (const place of places) last = Math.max(last, place);
  return last;
}

function imagePart(layout: RawLayout, name: PartName, records: Records): ImagePart {
  const { path, index, recordBytes } = layout;
  const { labels } = index[name];
  const read = (image: number, into: Uint8Array): void | Promise<void> => {
    if (image >= 0 && image < labels.length) return records.read(name, image, into);
    throw new DataError(`${path}: no image ${image}, the part has ${labels.length}`);
  };
  const { readAhead } = records;
  return {
    count: labels.length,
    labels,
    read,
    ...(readAhead && { readAhead: (images: Int32Array) => readAhead(name, images) }),
    pixels: (image) => {
      if (!records.isDecoded) {
        throw new DataError(`${path}: its records are JPEG images, wanted raw ones`);
      }
      const pixels = new Uint8Array(recordBytes);
      void read(image, pixels);
      return pixels;
    },
  };
}
