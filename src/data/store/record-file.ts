// Positioned reads of records from a store's file, into memory that the caller gives: nothing is
// allocated for an image.
import { closeSync, openSync, readSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import { readFully } from './read-fully.js';
import { Checksums, imageName } from './records.js';
import type { PartName } from '../parts.js';
import type { StoreIndex } from './store-index.js';

const READ_AHEAD_BYTES = 2 ** 20;

/** Bytes [start, end) of a file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The records of a store's file. Training keeps it open as long as the process
 *  lives. */
export class RecordFile {
  readonly #path: string;
  readonly #store: StoreIndex;
  readonly #file: number;
  readonly #checksums: Checksums | null;
  #forgotten: Uint8Array | null = null;

  /** @param isChecking whether records are compared with their checksums
   *  @throws DataError if the file cannot be opened */
  constructor(path: string, store: StoreIndex, isChecking = true) {
    this.#path = path;
    this.#store = store;
    this.#checksums = isChecking ? new Checksums(path, store) : null;
    try {
      this.#file = openSync(path, 'r');
    } catch (cause) {
      throw new DataError(`${path}: this store of decoded images cannot be opened`, { cause });
    }
  }

  /** Fills `into`, as long as the record, from byte `position` of the file.
   *  @throws DataError naming store and image if the disk
   *  refuses it, the file ends too early, or the checksum differs */
  read(part: PartName, index: number, position: number, into: Uint8Array): void {
    try {
      readFully(this.#path, this.#file, into, position);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(
        `${imageName(this.#path, this.#store, part, index)} cannot be read: ${reason}`,
        {
          hint: 'See whether the disk and the file are whole; data info reads every image.',
          cause,
        },
      );
    }
    this.#checksums?.check(part, index, into);
  }

  /** Reads bytes of the file and forgets them: the system's file cache has them then. Neighbours
   *  are read in one go. What cannot be read is left to the read that needs it. */
  readAhead(spans: readonly Span[]): void {
    this.#forgotten ??= new Uint8Array(READ_AHEAD_BYTES);
    const sorted = spans.toSorted((a, b) => a.start - b.start);
    for (let at = 0; at < sorted.length;) {
      let { start, end } = sorted[at++] as Span;
      for (; sorted[at]?.start === end; at++) end = (sorted[at] as Span).end;
      for (; start < end; start += READ_AHEAD_BYTES) {
        const length = Math.min(READ_AHEAD_BYTES, end - start);
        try {
          readSync(this.#file, this.#forgotten, 0, length, start);
        } catch {
          return;
        }
      }
    }
  }

  /** Lets go of the file. */
  close(): void {
    closeSync(this.#file);
  }
}
