// Writing a packed store so that an interrupted pack can be resumed: records in order in
// STORE.partial, and what is known of each file in STORE.journal. A line enters the journal only
// after its record is on disk, so after a kill or a power cut the journal is true.
import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import type { PackedFile } from '../store/manifest.js';
import { writeAll } from '../../base/write-all.js';
import { guardWrites, RecordWriter, type StorePlace } from '../store/record-writer.js';
import type { StoreIndex } from '../store/store-index.js';
import type { FileSink } from './pack-files.js';

const datasync = promisify(fdatasync);
// What a kill costs at most: this long, twice.
const SYNC_EVERY_MS = 2000;

/** A packed store being written. Call `finish` at the end, `close` in any case. */
export class PackWriter implements FileSink {
  /** Files that an earlier process has been through, in order. */
  readonly resumed: readonly PackedFile[];
  readonly #place: StorePlace;
  readonly #records: RecordWriter;
  readonly #journal: number;
  #journalEnd: number;
  #pending: PackedFile[] = [];
  #syncing: Promise<void> | null = null;
  #syncFailure: unknown = null;
  #syncedAt = performance.now();
  readonly #syncEveryMs: number;

  /** Resumes what stands beside `path` if it was made with the same key, else begins anew.
   *  @param hint what to do about a full disk   @throws DataError if it cannot */
  constructor(
    path: string,
    key: string,
    syncEveryMs: number = SYNC_EVERY_MS,
    hint = 'Make room or give another place with --out; the same command then resumes.',
  ) {
    this.#place = {
      path,
      temporary: `${path}.partial`,
      hint,
    };
    this.#syncEveryMs = syncEveryMs;
    const journal = readJournal(`${path}.journal`, key);
    this.resumed = journal.files;
    const kept = journal.files.reduce((sum, file) => sum + file.length, 0);
    this.#records = new RecordWriter(this.#place, kept);
    this.#journalEnd = journal.bytes;
    this.#journal = guardWrites(this.#place, () => {
      const file = openSync(`${path}.journal`, journal.bytes > 0 ? 'r+' : 'w+');
      ftruncateSync(file, journal.bytes);
      return file;
    });
    if (journal.bytes === 0) this.#appendJournal(`${JSON.stringify({ key })}\n`);
  }

  get storeBytes(): number {
    return this.#records.storeBytes;
  }

  room(length: number): Uint8Array {
    return this.#records.room(length);
  }

  append(file: PackedFile): void {
    this.#rethrow();
    this.#pending.push(file);
    // In the background: decoding continues while the disk works.
    if (this.#syncing === null && performance.now() - this.#syncedAt > this.#syncEveryMs) {
      this.#syncing = this.#sync().finally(() => (this.#syncing = null));
    }
  }

  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  async finish(index: StoreIndex): Promise<void> {
    await this.#syncing;
    this.#rethrow();
    this.#records.finish(index);
    guardWrites(this.#place, () => rmSync(`${this.#place.path}.journal`));
  }

  /** Keeps what is done for the next time and lets go of the files. */
  async close(): Promise<void> {
    await this.#syncing;
    if (this.#pending.length > 0) await this.#sync();
    this.#records.close();
    closeSync(this.#journal);
  }

  async #sync(): Promise<void> {
    const files = this.#pending;
    this.#pending = [];
    try {
      await this.#records.sync();
      this.#appendJournal(files.map((file) => `${JSON.stringify(file)}\n`).join(''));
      await datasync(this.#journal);
    } catch (error) {
      this.#syncFailure = error;
    }
    this.#syncedAt = performance.now();
  }

  #rethrow(): void {
    if (this.#syncFailure === null) return;
    guardWrites(this.#place, () => {
      throw this.#syncFailure;
    });
  }

  #appendJournal(text: string): void {
    const bytes = Buffer.from(text);
    guardWrites(this.#place, () => writeAll(this.#journal, bytes, this.#journalEnd));
    this.#journalEnd += bytes.length;
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
