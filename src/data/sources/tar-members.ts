// The members of a .tar or .tar.gz archive, read as a stream: never unpacked on disk, never whole
// in memory. Links are read as what they lead to.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { DataError } from '../../base/errors.js';
import { orSilence } from '../../base/silence.js';
import { CUT_OFF_HINT } from './byte-stream.js';
import { type Compression, compressionOf, isProgram, unpackedBy } from './compression.js';
import { imageCollector } from './image-bytes.js';
import type { ArchiveMember } from './archive-member.js';
import { lostLink, offeredAt, offeredPaths, pathInArchive, type TarLink } from './tar-links.js';
import { type Entry, type TarHeader, TarHeaders } from './tar-header.js';

// Each step of unpacking waits its turn behind the images that are being decoded: many files' worth
// at a time.
const UNPACK_BYTES = 2 ** 18;
// Names as bytes, to see those that are not UTF-8; and V7, which has no word for its format. (The
// types of tar-stream lack both.)
const OPTIONS: Parameters<typeof extract>[0] & Readonly<Record<string, unknown>> = {
  filenameEncoding: 'latin1',
  allowUnknownFormat: true,
};

/** A file or folder in a .tar archive. Its content must be read before the next one is asked for;
 *  it is passed over otherwise. */
export interface TarMember extends ArchiveMember {
  /** Reads all of it. @throws DataError with its problem if it has one */
  contents(): Promise<Buffer>;
  /** Reads it piece by piece. @throws DataError as {@link contents} does */
  chunks(): AsyncGenerator<Buffer>;
  /** Reads it as an archive.
   *  @throws DataError if it is not a whole one, named `<outer> (<name>)` */
  members(): AsyncGenerator<TarMember>;
}

/** Files and folders of the archive at `path` in its order, then the links, read in a second pass
 *  as the files they lead to (what lies in a linked folder too). A link that leads to nothing in
 *  the archive, a sparse file or a device is a file that cannot be read. Compression is recognised
 *  by its first bytes, not by its name.
 *  @throws DataError if it is not a whole archive */
export async function* tarMembers(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<TarMember> {
  const open = () => createReadStream(path, { highWaterMark: UNPACK_BYTES });
  const packing = compressionOf(path);
  const input = open();
  input.on('data', (chunk) => onBytes(chunk.length));
  const links: TarLink[] = [];
  for await (const read of entriesOf(path, input, packing)) {
    if (read.header.link === null) yield member(path, read);
    else links.push(read.header.link);
  }
  if (links.length > 0) yield* linkedMembers(links, entriesOf(path, open(), packing), path);
}

/** Members of an archive that is read once only: its links cannot be followed. */
async function* membersOnce(
  where: string,
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<TarMember> {
  for await (const read of entriesOf(where, input, 'none')) {
    yield read.header.link === null ? member(where, read) : unread(read.header.link);
  }
}

async function* linkedMembers(
  links: readonly TarLink[],
  entries: AsyncIterable<Read>,
  where: string,
): AsyncGenerator<TarMember> {
  const offered = offeredPaths(links);
  const met = new Set<string>();
  for await (const read of entries) {
    const path = read.header.link === null ? pathInArchive(read.header.name) : null;
    if (path === null) continue;
    const once = shared(member(where, read));
    for (const { path: name, link } of offeredAt(offered, path)) {
      met.add(link);
      yield { ...once, name, linkTo: path };
    }
  }
  for (const link of links)
    if (!met.has(link.path) && link.target !== link.path) yield unread(link);
}

/** A member that is read once, however many links lead to it. */
function shared(own: TarMember): TarMember {
  let all: Promise<Buffer> | null = null;
  let image: ReturnType<TarMember['image']> | null = null;
  const contents = () => (all ??= own.contents());
  return {
    ...own,
    contents,
    image: () => (image ??= own.image()),
    async *chunks() {
      yield await contents();
    },
  };
}

function unread(link: TarLink): TarMember {
  const member = lostLink(link);
  return withoutBytes(member, member.problem ?? '');
}

function withoutBytes(
  { name, size, isFolder }: Pick<TarHeader, 'name' | 'size' | 'isFolder'>,
  why: string,
): TarMember {
  const refuse = () => Promise.reject(new DataError(why));
  const image = () => Promise.resolve(refuse);
  async function* none<T>(): AsyncGenerator<T> {
    yield await refuse();
  }
  const facts = { name, size, isFolder, linkTo: null };
  return { ...facts, problem: why, contents: refuse, image, chunks: none, members: none };
}

interface Read {
  readonly header: TarHeader;
  readonly entry: Entry;
  /** Why the archive ended before its end; null if it did not. */
  readonly failure: Promise<unknown>;
}

async function* entriesOf(
  where: string,
  input: AsyncIterable<Uint8Array>,
  packing: Compression,
): AsyncGenerator<Read> {
  const unpack = extract(OPTIONS);
  const plain = isProgram(packing) ? unpackedBy(packing, input, where) : input;
  const flow =
    packing === 'gzip'
      ? pipeline(input, createGunzip({ chunkSize: UNPACK_BYTES }), unpack)
      : pipeline(plain, unpack);
  // What goes wrong in the flow also ends the loop below, where it is reported.
  const failure = flow.then(
    () => null,
    (cause: unknown) => cause,
  );
  const headers = new TarHeaders();
  const entries = unpack[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orSilence(entries.next(), () => silent(headers.last));
      if (next.done === true) break;
      const header = headers.read(next.value.header);
      if (header !== null) yield { header, entry: next.value, failure };
      next.value.resume();
    }
    await orSilence(flow, () => silent(headers.last));
  } catch (cause) {
    // Already told, from an archive inside this one.
    if (cause instanceof DataError) throw cause;
    throw notWhole(where, cause);
  } finally {
    unpack.destroy();
  }
}

function silent(last: string): Error {
  return new Error(`nothing comes after ${last === '' ? 'its start' : last}`);
}

function notWhole(where: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`${where}: not a whole .tar or .tar.gz archive (${reason})`, {
    hint: CUT_OFF_HINT,
    cause,
  });
}

function member(where: string, read: Read): TarMember {
  const { header } = read;
  const { name, size, isFolder, problem } = header;
  if (problem !== null) return withoutBytes(header, problem);
  return {
    ...{ name, size, isFolder, problem, linkTo: null },
    contents: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of chunksOf(where, read)) chunks.push(chunk);
      const [only] = chunks;
      return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    },
    image: async () => {
      const image = imageCollector();
      // To its end in any case: leaving it would end the archive.
      for await (const chunk of chunksOf(where, read)) image.take(chunk);
      return async () => image.bytes();
    },
    chunks: () => chunksOf(where, read),
    members: () => membersOnce(`${where} (${name})`, chunksOf(where, read)),
  };
}

// If the entry's bytes fail to come, the archive around it is cut off, not what is in it.
async function* chunksOf(
  where: string,
  { header: { name }, entry, failure }: Read,
): AsyncGenerator<Buffer> {
  const pieces = (entry as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orSilence(pieces.next(), () => new Error(`${name} does not come`));
      if (next.done === true) return;
      yield next.value;
    }
  } catch (cause) {
    // What the entry says is only that the archive's stream is gone.
    const reason = (await orSilence(failure, () => cause as Error)) ?? cause;
    throw reason instanceof DataError ? reason : notWhole(where, reason);
  }
}
