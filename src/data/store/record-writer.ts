// The one writer of stores: records one after another into a file beside the store, then the index,
// then the name. Until the last step nothing stands under the store's name.
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, renameSync } from 'node:fs';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { DataError } from '../../base/errors.js';
import { writeAll } from '../../base/write-all.js';
import { encodeIndex } from './encode-index.js';
import { RECORDS_AT } from './store-format.js';
import type { StoreIndex } from './store-index.js';

const datasync = promisify(fdatasync);

// Records are written this many bytes at a time: one call to the system for many small ones.
const BATCH_BYTES = 2 ** 20;

/** Where a store is written. */
export interface StorePlace {
  /** The store's path. */
  readonly path: string;
  /** The file that becomes the store. */
  readonly temporary: string;
  /** What users are told to do if the disk refuses it. */
  readonly hint: string;
}

/** A store being written. Call `finish` at the end, `close` or `discard` in any case. */
export class RecordWriter {
  readonly #place: StorePlace;
  readonly #file: number;
  /** Where the next record begins; what lies before it is in the file except for the batch. */
  #end: number;
  #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #batched = 0;
  #isOpen = true;

  /** @param kept bytes of records that an earlier process has left there; 0: a new file
   *  @throws DataError if the disk refuses it */
  constructor(place: StorePlace, kept = 0) {
    this.#place = place;
    this.#end = RECORDS_AT + kept;
    this.#file = guardWrites(place, () => {
      const file = openSync(place.temporary, kept > 0 ? 'r+' : 'w+');
      ftruncateSync(file, this.#end);
      return file;
    });
  }

  /** Bytes of the store so far. */
  get storeBytes(): number {
    return this.#end;
  }

  /** Room of `length` bytes for the next record, to be filled before anything else is asked of the
   *  writer.
   *  @throws DataError if the disk refuses what came before */
  room(length: number): Uint8Array {
    if (this.#batched + length > this.#batch.length) this.#writeBatch();
    if (length > this.#batch.length) this.#batch = Buffer.allocUnsafeSlow(length);
    const room = this.#batch.subarray(this.#batched, this.#batched + length);
    this.#batched += length;
    this.#end += length;
    return room;
  }

  /** Brings all records so far to the disk.
   *  @throws DataError or an error of the system (rejects) if the disk refuses it */
  async sync(): Promise<void> {
    this.#writeBatch();
    await datasync(this.#file);
  }

  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  finish(index: StoreIndex): void {
    this.#writeBatch();
    const { pieces, prelude } = encodeIndex(index, this.#end);
    let at = this.#end;
    for (const piece of pieces) {
      this.#write(piece, at);
      at += piece.length;
    }
    this.#write(prelude, 0);
    guardWrites(this.#place, () => {
      fsyncSync(this.#file);
      renameSync(this.#place.temporary, this.#place.path);
    });
  }

  /** Lets go of the file. */
  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  /** Gives up: nothing stays on disk. */
  discard(): void {
    this.close();
    rmSync(this.#place.temporary, { force: true });
  }

  #writeBatch(): void {
    this.#write(this.#batch.subarray(0, this.#batched), this.#end - this.#batched);
    this.#batched = 0;
  }

  #write(bytes: Uint8Array, at: number): void {
    guardWrites(this.#place, () => writeAll(this.#file, bytes, at));
  }
}

/** Does a step of writing a store. @throws DataError naming the store if the system refuses it */
export function guardWrites<T>({ path, hint }: StorePlace, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: cannot be written (${reason})`, { hint, cause });
  }
}
