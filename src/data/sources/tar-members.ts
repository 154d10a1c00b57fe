// The members of a .tar or .tar.gz archive, read as a stream: never unpacked on disk, never whole
// in memory.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type ExtractEvents } from 'tar-stream';
import { DataError } from '../../base/errors.js';
import { CUT_OFF_HINT, isGzip } from './byte-stream.js';

// Each step of unpacking waits its turn behind the images that are being decoded: many files' worth
// at a time.
const UNPACK_BYTES = 2 ** 18;

type Entry = ExtractEvents['entry'][1];

/** A file or folder in an archive. Its content must be read before the next one is asked for; it is
 *  passed over otherwise. */
export interface TarMember {
  readonly name: string;
  readonly isFolder: boolean;
  /** Bytes. */
  readonly size: number;
  /** Reads all of it. */
  contents(): Promise<Buffer>;
  /** Reads it piece by piece. */
  chunks(): AsyncGenerator<Buffer>;
  /** Reads it as an archive.
   *  @throws DataError if it is not a whole one, named `<outer> (<name>)` */
  members(): AsyncGenerator<TarMember>;
}

/** Files and folders of the archive at `path` in its order; links and devices are left out.
 *  Compression is recognised by its first bytes, not by its name.
 *  @throws DataError if it is not a whole archive */
export async function* tarMembers(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<TarMember> {
  const input = createReadStream(path, { highWaterMark: UNPACK_BYTES });
  input.on('data', (chunk) => onBytes(chunk.length));
  yield* membersOf(path, input, isGzip(path));
}

async function* membersOf(
  where: string,
  input: AsyncIterable<unknown>,
  isPacked: boolean,
): AsyncGenerator<TarMember> {
  const unpack = extract();
  const flow = isPacked
    ? pipeline(input, createGunzip({ chunkSize: UNPACK_BYTES }), unpack)
    : pipeline(input, unpack);
  // What goes wrong in the flow also ends the loop below, where it is reported.
  flow.catch(() => undefined);
  try {
    for await (const entry of unpack) {
      const { type } = entry.header;
      if (type === 'file' || type === 'contiguous-file' || type === 'directory') {
        yield member(where, entry);
      }
      entry.resume();
    }
    await flow;
  } catch (cause) {
    // Already told, from an archive inside this one.
    if (cause instanceof DataError) throw cause;
    throw notWhole(where, cause);
  }
}

function notWhole(where: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`${where}: not a whole .tar or .tar.gz archive (${reason})`, {
    hint: CUT_OFF_HINT,
    cause,
  });
}

function member(where: string, entry: Entry): TarMember {
  const { name, type, size } = entry.header;
  return {
    ...{ name, size, isFolder: type === 'directory' },
    contents: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of chunksOf(where, entry)) chunks.push(chunk);
      const [only] = chunks;
      return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    },
    chunks: () => chunksOf(where, entry),
    members: () => membersOf(`${where} (${name})`, chunksOf(where, entry), false),
  };
}

// If the entry's bytes fail to come, the archive around it is cut off, not what is in it.
async function* chunksOf(where: string, entry: Entry): AsyncGenerator<Buffer> {
  try {
    yield* entry as AsyncIterable<Buffer>;
  } catch (cause) {
    throw notWhole(where, cause);
  }
}

/** A member's path without "./" and empty segments; null if any of it is hidden. */
export function visibleName(path: string): string | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const isHidden = segments.some((segment) => segment.startsWith('.'));
  return isHidden || segments.length === 0 ? null : segments.join('/');
}
