// From a study's data source to a store of decoded images in the cache: made once, found again
// while the source is unchanged.
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { contentHash, type Json } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { DECODING, prepareDecoder } from '../images/decode.js';
import { eachConcurrently } from '../each-concurrently.js';
import { buildIndex, type DecodedFile, type RecordShape, refuseEmpty } from '../store/manifest.js';
import { commonChannels, contentSha256, makeRecord } from '../images/record.js';
import { resolveSources } from './resolve-source.js';
import type { ImageSource, SourceEntry, SourceFile } from '../source.js';
import { IN_MEMORY_BYTES } from '../store/open-images.js';
import { readStoreIndex, type StoreHeader, total } from '../store/store-file.js';
import { streamedStore } from '../store/streamed-store.js';
import { StoreWriter } from '../store/store-writer.js';

/** Which images to decode, and how. */
export interface StoreRequest {
  /** A folder or archives (paths or globs). */
  readonly source: string | readonly string[];
  /** What relative paths start from: the study file's folder. */
  readonly baseDirectory: string;
  /** Height = width to which images are warped, in pixels. */
  readonly size: number;
  /** Default {@link cacheDirectory}. */
  readonly cache?: string;
  /** Told of the sources before they are decoded, what each was recognised as; not if they were
   *  decoded before. */
  readonly onSources?: (sources: readonly ImageSource[]) => void;
  /** Default `auto`. */
  readonly records?: RecordsUse;
}

/** How a store of JPEG records is used: `decode` it once, into the cache; `stream` decodes every
 *  image whenever it is needed; `auto` does the first if a copy is there or would fit into memory,
 *  else the second. The pixels are the same. */
export type RecordsUse = 'auto' | 'decode' | 'stream';

/** What a data set is, without its pixels. */
export interface StoreInfo extends StoreHeader {
  /** What `openStore` reads. */
  readonly path: string;
}

/** How far decoding is. */
export interface DecodeProgress {
  /** Files decoded or skipped so far. */
  readonly files: number;
  /** Share of the source's bytes read, 0..1. */
  readonly fraction: number;
}

// Far beyond any input size of today; a guard against typing errors.
const LARGEST_SIZE = 4096;
const PROGRESS_EVERY_FILES = 100;

/** Decodes a source into the cache, or finds it there: a store is used again while path, size and
 *  time of every file of the source are as they were. Files that cannot be decoded are skipped and
 *  listed in the answer. A process killed meanwhile leaves no store; several at once do not disturb
 *  each other.
 *  @throws DataError if a source is missing or damaged, a class is empty, or the cache cannot be
 *  written */
export async function prepareImages(
  request: StoreRequest,
  onProgress: (progress: DecodeProgress) => void = () => undefined,
): Promise<StoreInfo> {
  const { size } = request;
  refuseSize(size);
  const sources = await resolveSources(request.source, request.baseDirectory);
  const packed = rawStore(sources, size);
  if (packed !== null && request.records !== 'stream') return packed;
  const cache = request.cache ?? cacheDirectory();
  const path = storePath(cache, sources, size);
  const known = request.records === 'stream' ? null : knownHeader(path);
  if (known !== null) return { ...known, path };
  const streamed = storeToStream(sources, size, request.records ?? 'auto');
  if (streamed !== null) {
    const header = await streamedStore(streamed, cache, (files, of) =>
      onProgress({ files, fraction: files / Math.max(1, of) }),
    );
    refuseEmpty(header.classes, header.counts, header.skipped, [streamed]);
    return { ...header, path: streamed };
  }

  const shape = { channels: await commonChannels(sources), size };
  request.onSources?.(sources);
  refuseEarly(sources, shape);
  prepareDecoder();
  const writer = new StoreWriter(path, shape.channels * size * size);
  try {
    const { files, classes } = await decodeAll(sources, shape, writer, onProgress);
    const paths = sources.map((source) => source.path);
    const index = buildIndex(files, classes, shape, paths);
    writer.finish(index);
    return { ...index.header, path };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** @throws DataError unless `size` is a height and width that images can be brought to */
export function refuseSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
    throw new DataError(`image size is ${size}: wanted an integer from 1 to ${LARGEST_SIZE}`);
  }
}

/** A packed store of raw records is used where it lies; null for every other source. */
function rawStore(sources: readonly ImageSource[], size: number): StoreInfo | null {
  const [source] = sources;
  const header = source?.rawStore;
  if (source === undefined || header === undefined) return null;
  if (header.size !== size) {
    throw new DataError(
      `${source.path}: its images are ${header.size}x${header.size}, size is ${size}`,
      {
        hint: `Set size: ${header.size}, or pack the data again with --size ${size}.`,
      },
    );
  }
  refuseEmpty(header.classes, header.counts, header.skipped, [source.path]);
  return { ...header, path: source.path };
}

/** Path of the store of JPEG records that is to be decoded image by image; null if the source is to
 *  be decoded into the cache. */
function storeToStream(
  sources: readonly ImageSource[],
  size: number,
  records: RecordsUse,
): string | null {
  const [source] = sources;
  const header = source?.jpegStore;
  const canStream = source !== undefined && sources.length === 1 && header?.size === size;
  if (!canStream) {
    if (records !== 'stream') return null;
    throw new DataError(
      `data.records is stream: ${source?.path} is no single store of JPEG records of ${size}x${size}`,
      { hint: 'Leave records out, or make such a store: selffer data pack --records jpeg.' },
    );
  }
  const images = total(header.counts.train) + total(header.counts.val);
  const isLarge = images * header.channels * size * size > IN_MEMORY_BYTES;
  return records === 'stream' || (records === 'auto' && isLarge) ? source.path : null;
}

// A changed source gets another name: whoever still reads the old store is not disturbed.
function storePath(cache: string, sources: readonly ImageSource[], size: number): string {
  const identity: Json = {
    store: 1,
    decoding: DECODING,
    size,
    sources: sources.map((source) => [source.path, source.fingerprint]),
  };
  const label = basename(sources[0]?.path ?? '')
    .replace(/[^\w.-]/g, '_')
    .slice(0, 40);
  const hash = contentHash(identity).slice(0, 24);
  return join(cache, 'images', `${label}-${size}px-${hash}.store`);
}

function knownHeader(path: string): StoreHeader | null {
  try {
    return readStoreIndex(path).header;
  } catch (error) {
    // Missing or damaged: it is made again.
    if (error instanceof DataError) return null;
    throw error;
  }
}

// Folders are known without reading a file: say what is missing before decoding for minutes.
function refuseEarly(sources: readonly ImageSource[], shape: RecordShape): void {
  const entries: SourceEntry[] = [];
  for (const { listing } of sources) {
    if (listing === null) return;
    for (const entry of listing) entries.push(entry);
  }
  const files = entries.filter((entry) => entry.kind === 'file');
  const undecoded = files.map((file) => ({ ...file, place: 0, sha256: null, skipped: null }));
  const classes = new Set(entries.map((entry) => entry.class));
  buildIndex(
    undecoded,
    classes,
    shape,
    sources.map((source) => source.path),
  );
}

async function decodeAll(
  sources: readonly ImageSource[],
  shape: RecordShape,
  writer: StoreWriter,
  onProgress: (progress: DecodeProgress) => void,
): Promise<{ files: DecodedFile[]; classes: Set<string> }> {
  const files: DecodedFile[] = [];
  const classes = new Set<string>();
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  let bytesRead = 0;
  const report = () =>
    onProgress({ files: files.length, fraction: bytesRead / Math.max(1, bytes) });

  async function* numbered(): AsyncGenerator<[SourceFile, number]> {
    let place = 0;
    for (const source of sources) {
      for await (const entry of source.entries((count) => (bytesRead += count))) {
        classes.add(entry.class);
        if (entry.kind === 'file') yield [entry, place++];
      }
    }
  }
  // Each lane has one image in libuv's pool (4 threads unless UV_THREADPOOL_SIZE says more) or
  // waiting for it.
  const lanes = 2 * Math.max(2, availableParallelism());
  await eachConcurrently(numbered(), lanes, async ([file, place]) => {
    files.push(await decodeFile(file, place, shape, writer));
    if (files.length % PROGRESS_EVERY_FILES === 0) report();
  });
  report();
  return { files, classes };
}

async function decodeFile(
  file: SourceFile,
  place: number,
  shape: RecordShape,
  writer: StoreWriter,
): Promise<DecodedFile> {
  const { part, class: className, name, origin } = file;
  const done = { part, class: className, name, origin, place };
  let sha256: string | null = null;
  let pixels: Uint8Array;
  try {
    const bytes = await file.read();
    sha256 = contentSha256(file, bytes);
    pixels = await makeRecord(file, bytes, { ...shape, resize: 'warp', records: 'raw' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...done, sha256, skipped: reason };
  }
  writer.put(place, pixels);
  return { ...done, sha256, skipped: null };
}
