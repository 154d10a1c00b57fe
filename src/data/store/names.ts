// File names of a part's images. In stores of format 3 they stay on disk, however many they are: a
// page of them is read when one of its names is asked for.
import { closeSync, openSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import { readFully } from './read-fully.js';
import { INDEX_SHA256, PRELUDE_BYTES } from './store-format.js';

/** Names by the image's number in its part. */
export interface NameTable {
  readonly count: number;
  /** The name of an image, 0..count-1.
   *  @throws DataError if the store is gone or was replaced meanwhile */
  at(image: number): string;
}

/** Names that are in memory. */
export function nameList(names: readonly string[]): NameTable {
  return { count: names.length, at: (image) => names[image] as string };
}

/** Names of format 2: one JSON array of those of all parts, parsed when the first is asked for.
 *  @param read its bytes
 *  @param first the part's first name in the array */
export function namesInJson(read: () => readonly string[], first: number, count: number) {
  return { count, at: (image: number) => read()[first + image] as string } satisfies NameTable;
}

/** Where the names of a part lie in a store's file. */
export interface NamePlaces {
  readonly path: string;
  /** Checksum of the index, as hex: another one means another file. */
  readonly sha256: string;
  readonly count: number;
  /** Byte of the file at which u32 [count] begins: where each name ends, counted from `namesAt`. */
  readonly endsAt: number;
  /** Byte of the file at which the names begin, UTF-8, one after another. */
  readonly namesAt: number;
}

const PAGE = 4096;

/** Names of format 3. */
export function namesOnDisk(places: NamePlaces): NameTable {
  let page = -1;
  let ends = new Uint32Array(0);
  let bytes = Buffer.alloc(0);
  let start = 0;
  return {
    count: places.count,
    at: (image) => {
      const first = image - (image % PAGE);
      if (page !== first) {
        ({ ends, bytes, start } = readPage(places, first));
        page = first;
      }
      const from = image === first ? start : (ends[image - first - 1] as number);
      return bytes.toString('utf8', from - start, (ends[image - first] as number) - start);
    },
  };
}

interface Page {
  /** u32: where each name of the page ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** UTF-8 of all names of the page. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** Where its first name begins. */
  readonly start: number;
}

function readPage({ path, sha256, count, endsAt, namesAt }: NamePlaces, first: number): Page {
  try {
    const file = openSync(path, 'r');
    try {
      const prelude = Buffer.alloc(PRELUDE_BYTES);
      readFully(path, file, prelude, 0);
      if (prelude.toString('hex', INDEX_SHA256) !== sha256) {
        throw new DataError(`${path}: it was replaced meanwhile`);
      }
      // With the end of the name before the page, which is where the page begins.
      const before = Math.min(first, 1);
      const words = new Uint32Array(before + Math.min(PAGE, count - first));
      readFully(path, file, new Uint8Array(words.buffer), endsAt + 4 * (first - before));
      const start = before === 0 ? 0 : (words[0] as number);
      const bytes = Buffer.alloc((words.at(-1) as number) - start);
      readFully(path, file, bytes, namesAt + start);
      return { ends: words.subarray(before), bytes, start };
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new DataError(`${path}: the names of its images can no longer be read`, { cause });
  }
}
