// `data pack`: a source of images to one store that holds all that is known of them. Made for
// millions of files: streaming, bounded memory, every file accounted for, and resumed after any
// interruption.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { contentHash } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { JPEG_QUALITY, PIXEL_RULES, prepareDecoder } from '../images/decode.js';
import { imageValues } from '../image-form.js';
import { recordForm, refuseSize } from '../images/record.js';
import { holdOutFiles } from '../hold-out/hold-out-files.js';
import { divideInThree, keepDivision, sampledSources } from '../hold-out/three-parts.js';
import { buildIndex } from '../store/manifest.js';
import { resolveSources } from '../prepare/resolve-source.js';
import type { ImageSource } from '../source.js';
import { readStoreIndex } from '../store/read-index.js';
import type { StoreHeader } from '../store/store-index.js';
import { freeBytes, refuseFullDisk } from './disk-room.js';
import { lockStore } from './lock.js';
import { knownFiles, packFiles } from './pack-files.js';
import { PackWriter } from './pack-writer.js';
import { type PackReport, packReport } from './report.js';
import type { PackProgress, PackRequest } from './request.js';

export type { PackProgress, PackRequest } from './request.js';

/** Packs images into a store, or resumes that; a finished one is left as it is. The store's
 *  bytes depend on source, options and version of the decoder, not on interruptions. Its report is
 *  written beside it (`<out>.report.json`). Files that cannot be used are left out and listed.
 *  @throws DataError if a source is missing or damaged, there are no images, something else stands
 *  at `out`, the disk is full or too small for the records, or (`isStrict`) a file cannot be used;
 *  the reason of `stop` once that is aborted */
export async function packImages(
  request: PackRequest,
  onProgress: (progress: PackProgress) => void = () => undefined,
): Promise<PackReport> {
  const sources = await packedSources(request);
  const key = packKey(request, sources);
  makeFolder(request.out);
  const unlock = lockStore(request.out);
  try {
    const done = finishedHeader(request.out, [key, packKey(request, sources, 1)]);
    if (done === null) await write(request, sources, key, onProgress);
    else
      for (const rest of ['partial', 'journal']) rmSync(`${request.out}.${rest}`, { force: true });
    const header = done ?? readStoreIndex(request.out).header;
    const report = packReport(request.out, header, statSync(request.out).size);
    writeFileAtomic(`${request.out}.report.json`, `${JSON.stringify(report, null, 1)}\n`);
    return report;
  } finally {
    unlock();
  }
}

/** The sources of a request.
 *  @throws DataError if one is missing, damaged or a store of raw records, or the size is not one
 *  that images can be brought to */
export async function packedSources(request: PackRequest): Promise<readonly ImageSource[]> {
  refuseSize(request.size);
  const sources = await resolveSources(request.source, request.baseDirectory);
  request.onSources?.(sources);
  const raw = sources.find((each) => each.rawStore !== undefined);
  if (raw === undefined) {
    return request.threeParts ? sampledSources(sources, request.threeParts) : sources;
  }
  throw new DataError(`${raw.path} is a store already`, {
    hint: 'Pack the images it was made from; studies and data info take the store as it is.',
  });
}

// All that determines the store's bytes. Stores made by older rules are known by theirs.
function packKey(
  request: PackRequest,
  sources: readonly ImageSource[],
  rules: number = PIXEL_RULES,
): string {
  const { size, resize, records, channels, holdOut, threeParts } = request;
  const identity = {
    pack: 1,
    decoding: rules,
    quality: records === 'jpeg' ? JPEG_QUALITY : 0,
    libvips: sharp.versions.vips,
    ...{ size, resize, records },
    ...(channels === undefined ? {} : { channels }),
    ...(holdOut === undefined ? {} : { holdOut: [holdOut.share, holdOut.seed] }),
    ...(threeParts === undefined ? {} : { threeParts: { ...threeParts } }),
  };
  return contentHash({
    ...identity,
    sources: sources.map((each) => [each.path, each.fingerprint]),
  });
}

function makeFolder(out: string): void {
  try {
    mkdirSync(dirname(out), { recursive: true });
  } catch (cause) {
    throw new DataError(`${dirname(out)}: this folder cannot be made`, { cause });
  }
}

function finishedHeader(out: string, keys: readonly string[]): StoreHeader | null {
  if (!existsSync(out)) return null;
  let found: string;
  try {
    const { header } = readStoreIndex(out);
    if (keys.includes(header.packed?.key ?? '')) return header;
    found = 'a store of another source or other options';
  } catch (error) {
    found = error instanceof DataError ? 'not a whole store' : String(error);
  }
  throw new DataError(`${out} exists and is ${found}`, {
    hint: 'Delete it or give another --out.',
  });
}

async function write(
  request: PackRequest,
  sources: readonly ImageSource[],
  key: string,
  onProgress: (progress: PackProgress) => void,
): Promise<void> {
  prepareDecoder();
  const { resize, records, isStrict, stop, holdOut, threeParts } = request;
  const isLooking = holdOut !== undefined || threeParts !== undefined;
  const form = await recordForm(request, sources, { resize, records });
  const writer = new PackWriter(request.out, key, request.syncEveryMs);
  try {
    const known = knownFiles(sources);
    if (records === 'raw' && known !== null) {
      const needed = (known - writer.resumed.length) * imageValues(form);
      refuseFullDisk(request.out, needed, freeBytes(request.out));
    }
    const packed = await packFiles(
      { sources, form, isStrict, stop, isLooking },
      writer,
      onProgress,
    );
    const paths = sources.map((source) => source.path);
    const divided = threeParts ? divideInThree(packed, threeParts) : holdOutFiles(packed, holdOut);
    if (threeParts !== undefined) keepDivision(request.out, packed, divided);
    await writer.finish(buildIndex(divided, form, paths, key));
  } finally {
    await writer.close();
  }
}
