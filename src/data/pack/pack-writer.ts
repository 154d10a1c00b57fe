// Writing a packed store so that it can be gone on with: records in order in STORE.partial, and
// what is known of each file in STORE.journal. A line enters the journal only after its record is
// on disk, so after a kill or a power cut the journal is true.
import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { DataError } from '../../base/errors.js';
import type { PackedFile } from '../store/manifest.js';
import { encodeIndex, RECORDS_AT, type StoreIndex } from '../store/store-file.js';

const sync = promisify(fdatasync);
// What a kill costs at most: this long, twice.
const SYNC_EVERY_MS = 2000;
// Records are written this many bytes at a time: one call to the system for many small ones.
const BATCH_BYTES = 2 ** 20;

/** A packed store being written. Call `finish` at the end, `close` in any case. */
export class PackWriter {
  /** Files that an earlier process has been through, in order. */
  readonly resumed: readonly PackedFile[];
  readonly #path: string;
  readonly #data: number;
  readonly #journal: number;
  /** Where the next record begins; what lies before it is in the file but for the batch. */
  #end: number;
  #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #batched = 0;
  #journalEnd: number;
  #pending: PackedFile[] = [];
  #syncing: Promise<void> | null = null;
  #syncFailure: unknown = null;
  #syncedAt = performance.now();
  readonly #syncEveryMs: number;

  /** Goes on with what stands beside `path` if it was made with the same key, else begins anew.
   *  @throws DataError if it cannot */
  constructor(path: string, key: string, syncEveryMs: number = SYNC_EVERY_MS) {
    this.#path = path;
    this.#syncEveryMs = syncEveryMs;
    const journal = readJournal(`${path}.journal`, key);
    this.resumed = journal.files;
    this.#end = journal.files.reduce((end, file) => end + file.length, RECORDS_AT);
    this.#journalEnd = journal.bytes;
    const flags = journal.bytes > 0 ? 'r+' : 'w+';
    [this.#data, this.#journal] = this.#guard(() => [
      openSync(`${path}.partial`, flags),
      openSync(`${path}.journal`, flags),
    ]) as [number, number];
    this.#guard(() => {
      ftruncateSync(this.#data, this.#end);
      ftruncateSync(this.#journal, this.#journalEnd);
    });
    if (journal.bytes === 0) this.#appendJournal(`${JSON.stringify({ key })}\n`);
  }

  /** Bytes of the store so far. */
  get storeBytes(): number {
    return this.#end;
  }

  /** Room of `length` bytes for the next file's record, to be filled before anything else is asked
   *  of the writer.
   *  @throws DataError if the disk refuses what came before */
  room(length: number): Uint8Array {
    if (this.#batched + length > this.#batch.length) this.#writeBatch();
    if (length > this.#batch.length) this.#batch = Buffer.allocUnsafeSlow(length);
    const room = this.#batch.subarray(this.#batched, this.#batched + length);
    this.#batched += length;
    this.#end += length;
    return room;
  }

  /** Adds the next file; its record, if it has one, was put into {@link room}.
   *  @throws DataError if the disk refuses it */
  append(file: PackedFile): void {
    if (this.#syncFailure !== null) this.#guard(() => this.#rethrow());
    this.#pending.push(file);
    // In the background: decoding goes on while the disk works.
    if (this.#syncing === null && performance.now() - this.#syncedAt > this.#syncEveryMs) {
      this.#syncing = this.#sync().finally(() => (this.#syncing = null));
    }
  }

  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  async finish(index: StoreIndex): Promise<void> {
    await this.#syncing;
    if (this.#syncFailure !== null) this.#guard(() => this.#rethrow());
    this.#writeBatch();
    const encoded = encodeIndex(index, this.#end);
    this.#write(this.#data, encoded.index, this.#end);
    this.#write(this.#data, encoded.prelude, 0);
    this.#guard(() => {
      fsyncSync(this.#data);
      renameSync(`${this.#path}.partial`, this.#path);
      rmSync(`${this.#path}.journal`);
    });
  }

  /** Keeps what is done for the next time and lets go of the files. */
  async close(): Promise<void> {
    await this.#syncing;
    if (this.#pending.length > 0) await this.#sync();
    closeSync(this.#data);
    closeSync(this.#journal);
  }

  async #sync(): Promise<void> {
    const files = this.#pending;
    this.#pending = [];
    try {
      this.#writeBatch();
      await sync(this.#data);
      this.#appendJournal(files.map((file) => `${JSON.stringify(file)}\n`).join(''));
      await sync(this.#journal);
    } catch (error) {
      this.#syncFailure = error;
    }
    this.#syncedAt = performance.now();
  }

  #rethrow(): never {
    throw this.#syncFailure;
  }

  #appendJournal(text: string): void {
    const bytes = Buffer.from(text);
    this.#write(this.#journal, bytes, this.#journalEnd);
    this.#journalEnd += bytes.length;
  }

  #writeBatch(): void {
    this.#write(this.#data, this.#batch.subarray(0, this.#batched), this.#end - this.#batched);
    this.#batched = 0;
  }

  #write(file: number, bytes: Uint8Array, at: number): void {
    this.#guard(() => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, at + done);
      }
    });
  }

  #guard<T>(step: () => T): T {
    try {
      return step();
    } catch (cause) {
      if (cause instanceof DataError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`${this.#path}: cannot be written (${reason})`, {
        hint: 'Make room or give another place with --out; the same command then goes on where it was.',
        cause,
      });
    }
  }
}

/** Whole lines of a journal that was begun with `key`; none of another one. A torn last line is
 *  left out. */
function readJournal(path: string, key: string): { files: PackedFile[]; bytes: number } {
  const none = { files: [], bytes: 0 };
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return none;
  }
  const files: PackedFile[] = [];
  let at = 0;
  for (let end = content.indexOf(10, at); end >= 0; end = content.indexOf(10, at)) {
    let line: unknown;
    try {
      line = JSON.parse(content.toString('utf8', at, end));
    } catch {
      break;
    }
    if (at === 0 && (line as { key?: unknown }).key !== key) return none;
    if (at > 0) files.push(line as PackedFile);
    at = end + 1;
  }
  return { files, bytes: at };
}
