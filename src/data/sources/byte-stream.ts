// Files of fixed records, plain or gzipped, read as a stream: never whole in memory.
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { DataError } from '../../base/errors.js';
import { isLfsPointer } from '../images/image-format.js';

const CHUNK_BYTES = 2 ** 18;

/** A file's bytes, unpacked if it is gzipped (recognised by its first bytes, not its name).
 *  `onBytes` is told of the file's own bytes.
 *  @throws DataError if the file cannot be read, or its compression is damaged or cut off */
export async function* byteStream(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const isPacked = isGzip(path);
  const own = counted(createReadStream(path, { highWaterMark: CHUNK_BYTES }), onBytes);
  try {
    yield* isPacked ? unpacked(own) : own;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: cannot be read to its end (${reason})`, {
      hint: CUT_OFF_HINT,
      cause,
    });
  }
}

async function* counted(
  input: Readable,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function unpacked(own: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // What goes wrong here ends the reading of `gunzip` with the same error.
  pipeline(own, gunzip, () => undefined);
  return gunzip as AsyncIterable<Uint8Array>;
}

/** A small text file. @throws DataError if it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`${path}: cannot be read (${reason})`, { cause });
}

/** The first `length` bytes of a file, unpacked if it is gzipped; fewer if it is shorter or
 *  damaged.
 *  @throws DataError if it cannot be read */
export function firstBytes(path: string, length: number): Buffer {
  const got = peek(path, PEEK_BYTES);
  if (isLfsPointer(got)) refusePointer(path);
  if (!hasGzipMagic(got)) return got.subarray(0, length);
  try {
    // SYNC_FLUSH: what there is, although the end is missing.
    return gunzipSync(got, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, length);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Whether a file is gzipped, by its first bytes.
 *  @throws DataError if it cannot be read, or Git LFS has left a pointer in its place */
export function isGzip(path: string): boolean {
  const start = peek(path, LFS_BYTES);
  if (isLfsPointer(start)) refusePointer(path);
  return hasGzipMagic(start);
}

const LFS_BYTES = 64;

/** @throws DataError if the file is what Git LFS leaves in the place of one, or cannot be read */
export function refuseLfsPointer(path: string): void {
  if (isLfsPointer(peek(path, LFS_BYTES))) refusePointer(path);
}

function refusePointer(path: string): never {
  throw new DataError(`${path}: a Git LFS pointer, not the file itself`, {
    hint: 'git lfs pull, in the folder of its repository, fetches the files.',
  });
}

/** Whether a file begins with these bytes, given in hexadecimal.
 *  @throws DataError if it cannot be read */
export function beginsWith(path: string, hex: string): boolean {
  return peek(path, hex.length / 2).toString('hex') === hex;
}

function peek(path: string, length: number): Buffer {
  const start = Buffer.alloc(length);
  try {
    const file = openSync(path, 'r');
    try {
      return start.subarray(0, readSync(file, start, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

// A gzipped file of this length unpacks to 16 MiB at most.
const PEEK_BYTES = 2 ** 14;

function hasGzipMagic(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Leaves out the first `count` bytes of a stream. */
export async function* withoutFirst(
  chunks: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Cuts a stream into records of `recordBytes` each, every one in memory of its own.
 *  @param who names the stream in errors   @throws DataError if it ends inside a record */
export async function* fixedRecords(
  chunks: AsyncIterable<Uint8Array>,
  recordBytes: number,
  who: string,
): AsyncGenerator<Uint8Array> {
  let record = new Uint8Array(recordBytes);
  let filled = 0;
  let records = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + recordBytes - filled);
      record.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < recordBytes) continue;
      yield record;
      records++;
      record = new Uint8Array(recordBytes);
      filled = 0;
    }
  }
  if (filled === 0) return;
  throw new DataError(
    `${who}: it ends inside record ${records}, after ${filled} of its ${recordBytes} bytes`,
    { hint: CUT_OFF_HINT },
  );
}

/** What to do about files that end too early. */
export const CUT_OFF_HINT =
  'The file may be cut off: compare its size or checksum with the original, and copy it again.';
