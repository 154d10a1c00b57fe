// The images of one store, whatever its records are, and what is said when one of them cannot be
// had.
import { crc32 } from 'node:zlib';
import { DataError } from '../../base/errors.js';
import { type ByPart, byPart, type PartName } from '../parts.js';
import type { StoreIndex } from './store-index.js';

/** How the images of a store are got. */
export interface Records {
  /** Whether `read` is done when it returns. */
  readonly isDecoded: boolean;
  /** See {@link ImagePart.read}. */
  read(part: PartName, index: number, into: Uint8Array): void | Promise<void>;
  /** See {@link ImagePart.readAhead}. */
  readAhead?(part: PartName, images: Int32Array): void;
  /** Memory that holds them all. */
  readonly memory?: SharedArrayBuffer;
}

/** What messages call an image: its store, part, number, class and, where the store knows it, file
 *  name. */
export function imageName(path: string, store: StoreIndex, part: PartName, index: number): string {
  const className = store.header.classes[store[part].labels[index] as number] ?? '?';
  const file = fileName(store, part, index);
  return `${path}: image ${index} of ${part} (${className}${file === undefined ? '' : `/${file}`})`;
}

function fileName(store: StoreIndex, part: PartName, index: number): string | undefined {
  try {
    return store[part].records?.names.at(index);
  } catch {
    return undefined; // the file is no longer whole, which is what the message is about
  }
}

/** Compares the records of a packed store with their checksums, each when it is met for the first
 *  time in this thread: a whole check costs as much as several epochs' reads of a large store, and
 *  later ones find what the first has found. */
export class Checksums {
  readonly #path: string;
  readonly #store: StoreIndex;
  readonly #isChecked: ByPart<Uint8Array>;

  constructor(path: string, store: StoreIndex) {
    this.#path = path;
    this.#store = store;
    this.#isChecked = byPart((part) => new Uint8Array((store[part].labels.length + 7) >> 3));
  }

  /** @param record all of the record's bytes
   *  @throws DataError naming store and image if its checksum differs */
  check(part: PartName, index: number, record: Uint8Array): void {
    const known = this.#store[part].records?.crc32[index];
    const flags = this.#isChecked[part];
    const bit = 1 << (index & 7);
    if (known === undefined || ((flags[index >> 3] as number) & bit) !== 0) return;
    if (crc32(record) !== known) {
      throw new DataError(
        `${imageName(this.#path, this.#store, part, index)}: the record's checksum differs: the store is damaged there`,
        { hint: 'Pack the data again; data info lists every damaged record.' },
      );
    }
    flags[index >> 3] = (flags[index >> 3] as number) | bit;
  }
}
