// The same folders inside a .tar or .tar.gz archive, read as a stream: never unpacked on disk, never whole in memory.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { DataError } from '../base/errors.js';
import { type ImageSource, placeInSource, type SourceEntry } from './source.js';

// Each step of unpacking waits its turn behind the images that are being decoded: many files' worth at a time.
const UNPACK_BYTES = 2 ** 18;

/** Opens an archive as a source. Compression is told from its first bytes, not from its name. */
export function tarSource(path: string): ImageSource {
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    bytes: size,
    fingerprint: [size, mtimeMs],
    listing: null,
    entries: (onBytes) => tarEntries(path, onBytes),
  };
}

async function* tarEntries(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const input = createReadStream(path, { highWaterMark: 2 ** 18 });
  input.on('data', (chunk) => onBytes(chunk.length));
  const unpack = extract();
  const flow = isGzip(path)
    ? pipeline(input, createGunzip({ chunkSize: UNPACK_BYTES }), unpack)
    : pipeline(input, unpack);
  // What goes wrong in the flow also ends the loop below, where it is reported.
  flow.catch(() => undefined);
  try {
    for await (const entry of unpack) {
      const place = placeInSource(entry.header.name);
      const { type } = entry.header;
      if (place !== null && type === 'directory' && place.name === '') {
        yield { kind: 'class', part: place.part, class: place.class };
      }
      if (place === null || place.name === '' || (type !== 'file' && type !== 'contiguous-file')) {
        entry.resume();
        continue;
      }
      const bytes = await contents(entry);
      yield { kind: 'file', ...place, origin: path, read: () => Promise.resolve(bytes) };
    }
    await flow;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: not a whole .tar or .tar.gz archive (${reason})`, {
      hint: 'The file may be cut off: compare its size or checksum with the original, and copy it again.',
      cause,
    });
  }
}

async function contents(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    return start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}
