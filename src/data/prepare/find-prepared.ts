// Where the images of a study are: decoded already, in a store that is read where it lies, or still
// to be decoded.
import { basename, join } from 'node:path';
import { cacheDirectory } from '../../base/cache-directory.js';
import { contentHash, type Json } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import type { HoldOut } from '../hold-out/held-out.js';
import { type Channels, extentText, imageValues } from '../image-form.js';
import { PIXEL_RULES } from '../images/decode.js';
import { partNames } from '../parts.js';
import type { ImageSource } from '../source.js';
import { IN_MEMORY_BYTES } from '../store/open-images.js';
import { readStoreIndex } from '../store/read-index.js';
import { refuseEmpty } from '../store/refuse-empty.js';
import { imagesOf, type StoreHeader } from '../store/store-index.js';
import { inByteOrder } from '../classes/byte-order.js';
import { listed } from '../classes/splits.js';
import { onlyClasses } from '../sources/only-classes.js';
import { resolveSources } from './resolve-source.js';

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
  /** Classes to take, as if there were no others; left out: all. */
  readonly classes?: readonly string[];
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

/** Where a data set is, or has to come from. */
type Found =
  | { readonly kind: 'ready'; readonly info: StoreInfo }
  | {
      /** `stream`: a store of JPEG records that is read where it lies; `decode`: into the cache. */
      readonly kind: 'stream' | 'decode';
      readonly sources: readonly ImageSource[];
      /** Without what was done when a store among the sources was packed. */
      readonly request: StoreRequest;
      readonly path: string;
      readonly cache: string;
    };

/** Opens the sources and looks whether they are decoded; decodes nothing.
 *  @throws DataError as {@link prepareImages} does */
export async function findPrepared(asked: StoreRequest): Promise<Found> {
  const whole = await resolveSources(asked.source, asked.baseDirectory);
  const { classes } = asked;
  const sources =
    classes === undefined ? whole : whole.map((each) => onlyClasses(each, new Set(classes)));
  const request = withoutDone(asked, sources);
  const packed = rawStore(sources, request);
  if (packed !== null && request.records !== 'stream') return { kind: 'ready', info: packed };
  const cache = request.cache ?? cacheDirectory();
  const path = storePath(cache, sources, request);
  const known = request.records === 'stream' ? null : knownHeader(path);
  if (known !== null) {
    refuseEmpty(known, request.used);
    return { kind: 'ready', info: { ...known, path } };
  }
  const streamed = storeToStream(sources, request.size, request.records ?? 'auto');
  const to = { sources, request, cache };
  if (streamed !== null) return { kind: 'stream', path: streamed, ...to };
  return { kind: 'decode', path, ...to };
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
  const { channels = header.form.channels, holdOut, classes } = request;
  const others = header.classes.filter((name) => classes?.includes(name) === false);
  if (others.length > 0) {
    throw new DataError(
      `${path}: a store keeps the classes that it was packed with; data.classes leaves out ${listed(others)}`,
      {
        hint: 'Leave data.classes out and name the classes in tasks, or take the images it was made from.',
      },
    );
  }
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
  { size, channels, holdOut, classes }: StoreRequest,
): string {
  const identity: Json = {
    store: 1,
    decoding: PIXEL_RULES,
    size,
    ...(channels === undefined ? {} : { channels }),
    ...(classes === undefined ? {} : { classes: inByteOrder(classes) }),
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
