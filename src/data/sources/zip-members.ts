// The files in a .zip archive, read in its order without unpacking it on disk.
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DataError } from '../../base/errors.js';
import { type ArchiveMember, visibleName } from './archive-member.js';
import { imageCollector } from './image-bytes.js';
import { leftBehindIn } from './left-behind.js';
import { lostLink, offeredAt, offeredPaths, pathInArchive, type TarLink } from './tar-links.js';

/** A file or folder in a zip archive. */
export interface ZipMember extends ArchiveMember {
  /** Bytes in the archive. */
  readonly packedBytes: number;
  /** Its content. @throws DataError if it is damaged */
  contents(): Promise<Uint8Array>;
}

/** The files of a zip archive while `use` runs, without folders, links, hidden files and what
 *  systems leave behind.
 *  @throws DataError if it is not a whole archive */
export async function* withZip<T>(
  path: string,
  use: (members: readonly ZipMember[]) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const zip = await whole(path, openPromise(path, { autoClose: false }));
  try {
    const { files } = await whole(path, listMembers(zip));
    yield* use(
      files.filter(
        ({ name, isFolder }) =>
          !isFolder && visibleName(name) !== null && leftBehindIn(name, false) === null,
      ),
    );
  } finally {
    zip.close();
  }
}

/** Files, folders and links of a zip archive, links as what they lead to.
 *  @param onBytes told of bytes in the archive
 *  @throws DataError if it is not a whole archive */
export async function* zipMembers(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<ArchiveMember> {
  const zip = await whole(path, openPromise(path, { autoClose: false }));
  try {
    const { files, links } = await whole(path, listMembers(zip));
    const offered = offeredPaths(links);
    const met = new Set<string>();
    for (const member of files) {
      yield member;
      onBytes(member.packedBytes);
      for (const { path: name, link } of offeredAt(offered, pathInArchive(member.name) ?? '')) {
        met.add(link);
        yield { ...member, name, linkTo: member.name };
      }
    }
    for (const link of links) if (!met.has(link.path)) yield lostLink(link);
  } finally {
    zip.close();
  }
}

/** Whether a zip archive has a file of this name, in any folder.
 *  @throws DataError if it is not a whole archive */
export async function zipHas(path: string, file: string): Promise<boolean> {
  const zip = await whole(path, openPromise(path, { autoClose: false }));
  try {
    const { files } = await whole(path, listMembers(zip));
    return files.some(({ name }) => name === file || name.endsWith(`/${file}`));
  } finally {
    zip.close();
  }
}

async function listMembers(zip: ZipFile): Promise<{ files: ZipMember[]; links: TarLink[] }> {
  const files: ZipMember[] = [];
  const links: TarLink[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (isLink(entry)) {
      const written = (await contents(zip, entry)).toString('utf8');
      const path = pathInArchive(name) ?? name;
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      links.push({ path, target: pathInArchive(written, folder), written });
      continue;
    }
    files.push({
      ...{ name, isFolder: name.endsWith('/'), size: entry.uncompressedSize },
      ...{ linkTo: null, problem: null, packedBytes: entry.compressedSize },
      contents: () => contents(zip, entry),
      image: () => image(zip, entry),
    });
  }
  return { files, links };
}

// Unix writes the kind of a file into the upper half of these.
function isLink({ externalFileAttributes: attributes, uncompressedSize: size }: Entry): boolean {
  return ((attributes >>> 16) & 0o170000) === 0o120000 && size < LONGEST_PATH;
}

const LONGEST_PATH = 4096;

async function image(zip: ZipFile, entry: Entry): Promise<() => Promise<Buffer>> {
  const pieces = imageCollector();
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      if (!pieces.take(piece as Buffer)) break;
    }
  } catch (cause) {
    const error = damaged(cause);
    return () => Promise.reject(error);
  }
  return async () => {
    const bytes = pieces.bytes();
    if (crc32(bytes) === entry.crc32) return bytes;
    throw new DataError(CHECKSUM);
  };
}

async function contents(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw damaged(cause);
  }
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) === entry.crc32) return bytes;
  throw new DataError(CHECKSUM);
}

const CHECKSUM = 'the archive is damaged there (its checksum differs)';

function damaged(cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`the archive is damaged there (${reason})`, { cause });
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
