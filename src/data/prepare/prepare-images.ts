// From a study's data source to a store of decoded images in the cache: made once, found again
// while the source is unchanged.
import { basename } from 'node:path';
import { inByteOrder } from '../classes/byte-order.js';
import { holdOutFiles } from '../hold-out/hold-out-files.js';
import { prepareDecoder } from '../images/decode.js';
import { type RecordForm, recordForm, refuseSize } from '../images/record.js';
import { packFiles } from '../pack/pack-files.js';
import { byPart, type PartName } from '../parts.js';
import type { ImageSource } from '../source.js';
import { classesOf, everyListedEntry } from '../sources/every-entry.js';
import { buildIndex, classCounts, refuseTwice } from '../store/manifest.js';
import { refuseEmpty } from '../store/refuse-empty.js';
import type { StoreHeader } from '../store/store-index.js';
import { streamedStore } from '../store/streamed-store.js';
import { decodeWriter } from './decode-writer.js';
import { findPrepared, type StoreInfo, type StoreRequest } from './find-prepared.js';

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
  refuseSize(asked.size);
  const found = await findPrepared(asked);
  if (found.kind === 'ready') return found.info;
  const { sources, request, path, cache } = found;
  if (found.kind === 'stream') {
    const header = await streamedStore(path, cache, (files, of) =>
      onProgress({ files, fraction: files / Math.max(1, of) }),
    );
    refuseEmpty({ ...header, sources: [path] }, request.used);
    return { ...header, path };
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
  const writer = decodeWriter(path);
  let isRefused = false;
  try {
    const packed = await packFiles(
      { sources, form, isLooking: holdOut !== undefined },
      writer,
      onProgress,
    );
    isRefused = true;
    const paths = sources.map((source) => source.path);
    const index = buildIndex(holdOutFiles(packed, holdOut), form, paths, basename(path));
    refuseEmpty(index.header, used);
    isRefused = false;
    await writer.finish(index);
    return index.header;
  } catch (error) {
    // What was decoded and is of no use must not stay; an interrupted decode is resumed.
    await (isRefused ? writer.discard() : writer.pause());
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
