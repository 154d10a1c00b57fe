// A file on its way: the bytes that have come (NAME.part), their running sum, and where they came
// from (NAME.part.json).
import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { FetchError } from '../../base/errors.js';
import { writeAll } from '../../base/write-all.js';

/** Where the bytes of a part come from. */
export interface PartOrigin {
  readonly url: string;
  /** Entity tag or date by which the server knows the file's version; null if it named none. */
  readonly validator: string | null;
}

/** The SHA-256 of a file, in hex. @throws FetchError if it cannot be read */
export async function fileSum(path: string): Promise<string> {
  const { hash } = await hashFile(path);
  return hash.digest('hex');
}

async function hashFile(path: string): Promise<{ hash: Hash; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      hash.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
  } catch (cause) {
    throw diskFailure(path, cause);
  }
  return { hash, size };
}

/** The part of one file, open for appending. One process a part. Writes are synchronous: what comes
 *  from the network is on its way to the disk before more is read, so nothing piles up. */
export class PartFile {
  /** Bytes that have come. */
  size: number;
  origin: PartOrigin | null;
  readonly #path: string;
  readonly #file: number;
  #hash: Hash;
  #isClosed = false;

  private constructor(
    path: string,
    file: number,
    { hash, size }: { readonly hash: Hash; readonly size: number },
  ) {
    [this.#path, this.#file, this.#hash, this.size] = [path, file, hash, size];
    this.origin = readOrigin(`${path}.json`);
  }

  /** Opens the part beside `target`, with what an earlier process has left.
   *  @throws FetchError if it cannot be read or written */
  static async open(target: string): Promise<PartFile> {
    const path = `${target}.part`;
    try {
      const file = openSync(path, 'a');
      return new PartFile(path, file, await hashFile(path));
    } catch (cause) {
      throw cause instanceof FetchError ? cause : diskFailure(path, cause);
    }
  }

  /** Forgets the bytes; those to come have this origin. @throws FetchError */
  restart(origin: PartOrigin | null): void {
    try {
      ftruncateSync(this.#file, 0);
      if (origin === null) rmSync(`${this.#path}.json`, { force: true });
      else writeFileAtomic(`${this.#path}.json`, JSON.stringify(origin));
    } catch (cause) {
      throw diskFailure(this.#path, cause);
    }
    this.#hash = createHash('sha256');
    this.size = 0;
    this.origin = origin;
  }

  /** Adds bytes at the end. @throws FetchError, e.g. for a full disk */
  append(bytes: Uint8Array): void {
    try {
      writeAll(this.#file, bytes);
    } catch (cause) {
      throw diskFailure(this.#path, cause);
    }
    this.#hash.update(bytes);
    this.size += bytes.length;
  }

  /** SHA-256 of the bytes so far, in hex. */
  sum(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Gives the bytes, safely on disk, the name `target`; closes. @throws FetchError */
  finishAs(target: string): void {
    try {
      fsyncSync(this.#file);
      this.close();
      renameSync(this.#path, target);
      rmSync(`${this.#path}.json`, { force: true });
    } catch (cause) {
      throw diskFailure(target, cause);
    }
  }

  /** Leaves the part as it is, for a later process; without bytes nothing is left. Closing again
   *  does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
    if (this.size > 0) return;
    rmSync(this.#path, { force: true });
    rmSync(`${this.#path}.json`, { force: true });
  }
}

function readOrigin(path: string): PartOrigin | null {
  if (!existsSync(path)) return null;
  try {
    const { url, validator } = JSON.parse(readFileSync(path, 'utf8')) as Partial<PartOrigin>;
    return typeof url === 'string' ? { url, validator: validator ?? null } : null;
  } catch {
    // Damaged: the bytes are of no known origin and are fetched again.
    return null;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of disk space is used up',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a folder above it is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  EFBIG: 'the file system takes no file of that size',
};

/** What a failed access to the disk means. */
export function diskFailure(path: string, cause: unknown): FetchError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new FetchError(`${path}: cannot be written or read: ${reasons[code] ?? message}`, {
    cause,
    hint: isFull
      ? 'Make room, or choose another disk with --out; the same command resumes where this one stopped.'
      : 'Choose another folder with --out.',
  });
}
