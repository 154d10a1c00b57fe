// Writing a store: records at their places while they are decoded, the index last, then the name.
// Until the last step nothing stands under the store's name, so a process that is killed leaves
// only a temporary file.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { ownerTag, standingOf, taggedOwner, thisProcess } from '../../base/process-owner.js';
import { encodeIndex, RECORDS_AT, type StoreIndex } from './store-file.js';

/** A store being written. Call `finish` or `discard` at the end. */
export class StoreWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  readonly #recordBytes: number;
  #places = 0;
  #isOpen = true;

  /** Creates folder and temporary file, and removes those that dead processes left behind.
   *  @throws DataError if it cannot */
  constructor(path: string, recordBytes: number) {
    this.#path = path;
    this.#recordBytes = recordBytes;
    const us = thisProcess();
    const tag = `${us.host}.${ownerTag(us)}.${randomBytes(4).toString('hex')}`;
    this.#temporary = `${path}.${tag}.tmp`;
    this.#file = this.#guard(() => {
      mkdirSync(dirname(path), { recursive: true });
      removeAbandoned(path);
      return openSync(this.#temporary, 'wx');
    });
  }

  /** Writes a record, u8 [C,H,W], at a place (0, 1, ...).
   *  @throws DataError if the disk refuses it */
  put(place: number, pixels: Uint8Array): void {
    this.#places = Math.max(this.#places, place + 1);
    this.#write(pixels, RECORDS_AT + place * this.#recordBytes);
  }

  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  finish(index: StoreIndex): void {
    const end = RECORDS_AT + this.#places * this.#recordBytes;
    const encoded = encodeIndex(index, end);
    this.#write(encoded.index, end);
    this.#write(encoded.prelude, 0);
    this.#guard(() => {
      fsyncSync(this.#file);
      this.#close();
      renameSync(this.#temporary, this.#path);
    });
  }

  /** Gives up: nothing stays on disk. */
  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #write(bytes: Uint8Array, at: number): void {
    this.#guard(() => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
      }
    });
  }

  #guard<T>(step: () => T): T {
    try {
      return step();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`${this.#path}: cannot be written (${reason})`, {
        hint: 'Decoded images go to the cache directory; SELFFER_CACHE_DIR names another one.',
        cause,
      });
    }
  }
}

/** Removes temporary files of `path` whose process, on this machine, has ended. */
function removeAbandoned(path: string): void {
  const { host } = thisProcess();
  const start = `${basename(path)}.${host}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith('.tmp')) continue;
    const owner = taggedOwner(name.slice(start.length).split('.')[0] ?? '', host);
    // A name that no version wrote is nobody's.
    if (owner !== null && standingOf(owner) !== 'gone') continue;
    rmSync(join(dirname(path), name), { force: true });
  }
}
