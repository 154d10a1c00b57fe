// From a study's data source to a store of decoded images in the cache: made once, found again
// while the source is unchanged.
import { basename, join } from 'node:path';
import { contentHash, type Json } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { inByteOrder } from '../classes/byte-order.js';
import { PIXEL_RULES, prepareDecoder } from '../images/decode.js';
import { extentText, imageValues, square } from '../image-form.js';
import { commonChannels, refuseSize, type RecordForm } from '../images/record.js';
import { packFiles } from '../pack/pack-files.js';
import { byPart, partNames, type PartName } from '../parts.js';
import type { ImageSource } from '../source.js';
import { classesOf, everyListedEntry } from '../sources/every-entry.js';
import { buildIndex, classCounts, refuseTwice } from '../store/manifest.js';
import { refuseEmpty } from '../store/refuse-empty.js';
import { cacheWriter } from './cache-writer.js';
import { resolveSources } from './resolve-source.js';
import { IN_MEMORY_BYTES } from '../store/open-images.js';
import { readStoreIndex } from '../store/read-index.js';
import { imagesOf, type StoreHeader } from '../store/store-index.js';
import { streamedStore } from '../store/streamed-store.js';

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
  /** Classes that must have images; left out: all. */
  readonly used?: readonly string[];
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
  const packed = rawStore(sources, request);
  if (packed !== null && request.records !== 'stream') return packed;
  const cache = request.cache ?? cacheDirectory();
  const path = storePath(cache, sources, size);
  const known = request.records === 'stream' ? null : knownHeader(path);
  if (known !== null) {
    refuseEmpty(known, request.used);
    return { ...known, path };
  }
  const streamed = storeToStream(sources, size, request.records ?? 'auto');
  if (streamed !== null) {
    const header = await streamedStore(streamed, cache, (files, of) =>
      onProgress({ files, fraction: files / Math.max(1, of) }),
    );
    refuseEmpty({ ...header, sources: [streamed] }, request.used);
    return { ...header, path: streamed };
  }

  const form: RecordForm = {
    ...{ channels: await commonChannels(sources), ...square(size) },
    ...{ resize: 'warp', records: 'raw' },
  };
  request.onSources?.(sources);
  refuseEarly(sources, request.used);
  return { ...(await decodeIntoCache(path, sources, { ...request, form }, onProgress)), path };
}

// Decoding is packing raw records into the cache.
async function decodeIntoCache(
  path: string,
  sources: readonly ImageSource[],
  { form, used }: { readonly form: RecordForm; readonly used?: readonly string[] },
  onProgress: (progress: DecodeProgress) => void,
): Promise<StoreHeader> {
  prepareDecoder();
  const writer = cacheWriter(path);
  try {
    const packed = await packFiles({ sources, form }, writer, onProgress);
    const paths = sources.map((source) => source.path);
    const index = buildIndex(packed, form, paths, basename(path));
    refuseEmpty(index.header, used);
    writer.finish(index);
    return index.header;
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** A packed store of raw records is used where it lies; null for every other source. */
function rawStore(sources: readonly ImageSource[], { size, used }: StoreRequest): StoreInfo | null {
  const [source] = sources;
  const header = source?.rawStore;
  if (source === undefined || header === undefined) return null;
  const { height, width } = header.form;
  if (height !== size || width !== size) {
    throw new DataError(
      `${source.path}: its images are ${extentText(header.form)}, size is ${size}`,
      { hint: `Set size: ${height}, or pack the data again with --size ${size}.` },
    );
  }
  refuseEmpty({ ...header, sources: [source.path] }, used);
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
  const isSized = header?.form.height === size && header.form.width === size;
  if (source === undefined || sources.length > 1 || header === undefined || !isSized) {
    if (records !== 'stream') return null;
    throw new DataError(
      `data.records is stream: ${source?.path} is not one store of JPEG records of ${size}x${size}`,
      { hint: 'Leave records out, or make such a store: selffer data pack --records jpeg.' },
    );
  }
  const images = partNames.reduce((sum, part) => sum + imagesOf(header, part), 0);
  const isLarge = images * imageValues(header.form) > IN_MEMORY_BYTES;
  return records === 'stream' || (records === 'auto' && isLarge) ? source.path : null;
}

// A changed source gets another name: processes that still read the old store are not disturbed.
function storePath(cache: string, sources: readonly ImageSource[], size: number): string {
  const identity: Json = {
    store: 1,
    decoding: PIXEL_RULES,
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
function refuseEarly(sources: readonly ImageSource[], used?: readonly string[]): void {
  const entries = everyListedEntry(sources);
  if (entries === null) return;
  const files = refuseTwice(entries.filter((entry) => entry.kind === 'file'));
  const classes = inByteOrder([...classesOf(entries)]);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const countsOf = (part: PartName) => {
    const own = files.filter((file) => file.part === part);
    return classCounts(
      own.map((file) => labels.get(file.class) as number),
      classes.length,
    );
  };
  const paths = sources.map((source) => source.path);
  refuseEmpty({ classes, counts: byPart(countsOf), skipped: [], sources: paths }, used);
}
