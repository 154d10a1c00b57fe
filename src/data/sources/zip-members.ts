// The files in a .zip archive, read in its order without unpacking it on disk.
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DataError } from '../../base/errors.js';
import { visibleName } from './tar-members.js';

/** A file in a zip archive. */
export interface ZipMember {
  /** Path with "/" between folders. */
  readonly name: string;
  /** Bytes in the archive. */
  readonly packedBytes: number;
  /** Its content. @throws DataError if it is damaged */
  contents(): Promise<Uint8Array>;
}

/** The files of a zip archive while `use` runs, without folders, hidden files and what macOS adds
 *  (`__MACOSX/`).
 *  @throws DataError if it is not a whole archive */
export async function* withZip<T>(
  path: string,
  use: (members: readonly ZipMember[]) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const zip = await whole(path, openPromise(path, { autoClose: false }));
  try {
    yield* use(await whole(path, listMembers(zip)));
  } finally {
    zip.close();
  }
}

async function listMembers(zip: ZipFile): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.endsWith('/') ? null : visibleName(entry.fileName);
    if (name === null || /(^|\/)__MACOSX\//.test(name)) continue;
    members.push({ name, packedBytes: entry.compressedSize, contents: () => contents(zip, entry) });
  }
  return members;
}

async function contents(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`the archive is damaged there (${reason})`, { cause });
  }
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) === entry.crc32) return bytes;
  throw new DataError('the archive is damaged there (its checksum differs)');
}

async function whole<T>(path: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: not a whole .zip archive (${reason})`, {
      hint: 'The file may be cut off: compare its size or checksum with the original, and copy it again.',
      cause,
    });
  }
}
