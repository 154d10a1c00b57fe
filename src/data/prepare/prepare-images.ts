// From a study's data source to a store of decoded images in the cache: made once, found again
// while the source is unchanged.
import { basename, join } from 'node:path';
import { contentHash, type Json } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { inByteOrder } from '../classes/byte-order.js';
import { PIXEL_RULES, prepareDecoder } from '../images/decode.js';
import { type Channels, extentText, imageValues } from '../image-form.js';
import type { HoldOut } from '../hold-out/held-out.js';
import { holdOutFiles } from '../hold-out/hold-out-files.js';
import { recordForm, refuseSize, type RecordForm } from '../images/record.js';
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
  /** Channels to bring all images to; left out: those that they have, of folders 3. */
  readonly channels?: Channels;
  /** Training images to hold out for validation, of a source that has no validation images. */
  readonly holdOut?: HoldOut;
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
  asked: StoreRequest,
  onProgress: (progress: DecodeProgress) => void = () => undefined,
): Promise<StoreInfo> {
  const { size } = asked;
  refuseSize(size);
  const sources = await resolveSources(asked.source, asked.baseDirectory);
  const request = withoutDone(asked, sources);
  const packed = rawStore(sources, request);
  if (packed !== null && request.records !== 'stream') return packed;
  const cache = request.cache ?? cacheDirectory();
  const path = storePath(cache, sources, request);
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

  const how = { resize: 'warp', records: 'raw' } as const;
  const form = await recordForm(request, sources, how);
  request.onSources?.(sources);
  refuseEarly(sources, request);
  return { ...(await decodeIntoCache(path, sources, { ...request, form }, onProgress)), path };
}

// Decoding is packing raw records into the cache.
async function decodeIntoCache(
  path: string,
  sources: readonly ImageSource[],
  { form, used, holdOut }: Pick<StoreRequest, 'used' | 'holdOut'> & { readonly form: RecordForm },
  onProgress: (progress: DecodeProgress) => void,
): Promise<StoreHeader> {
  prepareDecoder();
  const writer = cacheWriter(path);
  try {
    const packed = await packFiles(
      { sources, form, isLooking: holdOut !== undefined },
      writer,
      onProgress,
    );
    const paths = sources.map((source) => source.path);
    const index = buildIndex(holdOutFiles(packed, holdOut), form, paths, basename(path));
    refuseEmpty(index.header, used);
    writer.finish(index);
    return index.header;
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** The request without what was done when a store among the sources was packed. */
function withoutDone(request: StoreRequest, sources: readonly ImageSource[]): StoreRequest {
  const stores = sources.filter(({ rawStore: raw, jpegStore: jpeg }) => raw ?? jpeg);
  for (const { path, rawStore: raw, jpegStore: jpeg } of stores) {
    const header = raw ?? jpeg;
    if (header !== undefined) refuseOtherStore(path, header, request);
  }
  if (stores.length === 0) return request;
  const rest: { -readonly [K in keyof StoreRequest]: StoreRequest[K] } = { ...request };
  delete rest.holdOut;
  return rest;
}

// A store is as it was packed.
function refuseOtherStore(path: string, header: StoreHeader, request: StoreRequest): void {
  const { channels = header.form.channels, holdOut } = request;
  if (channels !== header.form.channels) {
    throw new DataError(
      `${path}: its images have ${header.form.channels} channels, channels is ${channels}`,
      { hint: `Leave channels out, or pack the images again with --channels ${channels}.` },
    );
  }
  const { share, seed } = header.packed?.heldOut ?? {};
  if (holdOut === undefined || (share === holdOut.share && seed === holdOut.seed)) return;
  const found = share === undefined ? 'not held out' : `held out with ${share}, seed ${seed}`;
  throw new DataError(`${path}: a store is divided when it is packed; this one is ${found}`, {
    hint: `Leave holdOut out, or pack the images again with --hold-out ${holdOut.share}.`,
  });
}

/** A packed store of raw records is used where it lies; null for every other source. */
function rawStore(sources: readonly ImageSource[], request: StoreRequest): StoreInfo | null {
  const [source] = sources;
  const header = source?.rawStore;
  if (source === undefined || header === undefined) return null;
  const { size, used } = request;
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
function storePath(
  cache: string,
  sources: readonly ImageSource[],
  { size, channels, holdOut }: StoreRequest,
): string {
  const identity: Json = {
    store: 1,
    decoding: PIXEL_RULES,
    size,
    ...(channels === undefined ? {} : { channels }),
    ...(holdOut === undefined ? {} : { holdOut: [holdOut.share, holdOut.seed] }),
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
function refuseEarly(
  sources: readonly ImageSource[],
  { used, holdOut }: Pick<StoreRequest, 'used' | 'holdOut'>,
): void {
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
  const counts = byPart(countsOf);
  // What is held out comes from the training images.
  const later = holdOut === undefined ? counts : { ...counts, val: counts.train };
  refuseEmpty({ classes, counts: later, skipped: [], sources: paths }, used);
}
