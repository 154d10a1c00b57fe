// `data pack`: a source of images to one store that holds all that is known of them. Made for millions of files: streaming, bounded
// memory, every file accounted for, and to be gone on with after any interruption.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { contentHash } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { DECODING, JPEG_QUALITY, prepareDecoder, type Resize } from '../decode.js';
import { imageRemarks } from '../image-format.js';
import { buildPackedIndex, type PackedFile } from '../manifest.js';
import { refuseSize } from '../prepare-images.js';
import { commonChannels, contentSha256, makeRecord, type RecordForm } from '../record.js';
import { resolveSources } from '../resolve-source.js';
import type { ImageSource, SourceFile } from '../source.js';
import { readStoreIndex, type StoreHeader } from '../store-file.js';
import { inOrder } from './in-order.js';
import { lockStore } from './lock.js';
import { PackWriter } from './pack-writer.js';
import { type PackReport, packReport } from './report.js';

/** What to pack, and how. */
export interface PackRequest {
  readonly source: readonly string[];
  /** What relative sources start from. */
  readonly baseDirectory: string;
  /** Path of the store. */
  readonly out: string;
  /** Height = width of the records, in pixels. */
  readonly size: number;
  readonly resize: Resize;
  readonly records: 'raw' | 'jpeg';
  /** Stop at the first file that cannot be used. */
  readonly isStrict: boolean;
  /** Milliseconds between the moments from which an interrupted pack goes on; default 2000. */
  readonly syncEveryMs?: number;
  /** Told of the sources as soon as they are opened, what each was recognised as. */
  readonly onSources?: (sources: readonly ImageSource[]) => void;
}

/** How far packing is. */
export interface PackProgress {
  /** Files of this and earlier processes. */
  readonly files: number;
  /** Those of earlier processes. */
  readonly resumed: number;
  readonly skipped: number;
  /** Share of the source, 0..1: of its files where they are known beforehand, else of its bytes. */
  readonly fraction: number;
}

const PROGRESS_EVERY_FILES = 50;

/** Packs images into a store, or goes on with it; a finished one is left as it is. The store's bytes depend on source, options and
 *  version of the decoder, not on interruptions. Its report is written beside it (`<out>.report.json`). Files that cannot be used are
 *  left out and listed.
 *  @throws DataError if a source is missing or damaged, there are no images, something else stands at `out`, the disk is full, or
 *  (`isStrict`) a file cannot be used */
export async function packImages(
  request: PackRequest,
  onProgress: (progress: PackProgress) => void = () => undefined,
): Promise<PackReport> {
  refuseSize(request.size);
  const sources = await resolveSources(request.source, request.baseDirectory);
  request.onSources?.(sources);
  const raw = sources.find((source) => source.rawStore !== undefined);
  if (raw !== undefined) {
    throw new DataError(`${raw.path} is a store already`, {
      hint: 'Pack the images it was made from; studies and data info take the store as it is.',
    });
  }
  const key = packKey(request, sources);
  makeFolder(request.out);
  const unlock = lockStore(request.out);
  try {
    const done = finishedHeader(request.out, key);
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

// All that determines the store's bytes.
function packKey(request: PackRequest, sources: readonly ImageSource[]): string {
  const { size, resize, records } = request;
  const identity = {
    pack: 1,
    decoding: DECODING,
    quality: records === 'jpeg' ? JPEG_QUALITY : 0,
    libvips: sharp.versions.vips,
    ...{ size, resize, records },
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

function finishedHeader(out: string, key: string): StoreHeader | null {
  if (!existsSync(out)) return null;
  let found: string;
  try {
    const { header } = readStoreIndex(out);
    if (header.packed?.key === key) return header;
    found = 'a store of another source or other options';
  } catch (error) {
    found = error instanceof DataError ? 'no whole store' : String(error);
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
  const { size, resize, records } = request;
  const form = { channels: await commonChannels(sources), size, resize, records };
  const writer = new PackWriter(request.out, key, request.syncEveryMs);
  try {
    const { files, classes } = await packAll(request, form, sources, writer, onProgress);
    const paths = sources.map((source) => source.path);
    const index = buildPackedIndex(files, classes, form, paths, { records, resize, key });
    await writer.finish(index);
  } finally {
    await writer.close();
  }
}

async function packAll(
  request: PackRequest,
  form: RecordForm,
  sources: readonly ImageSource[],
  writer: PackWriter,
  onProgress: (progress: PackProgress) => void,
): Promise<{ files: PackedFile[]; classes: Set<string> }> {
  const classes = new Set<string>();
  const resumed = writer.resumed.length;
  const files: PackedFile[] = [];
  const [known, bytes] = [knownFiles(sources), sources.reduce((sum, each) => sum + each.bytes, 0)];
  let bytesRead = 0;
  let met = 0;
  let skipped = 0;
  const report = () => {
    const fraction = known === null ? bytesRead / Math.max(1, bytes) : met / Math.max(1, known);
    onProgress({ files: files.length, resumed, skipped, fraction });
  };
  const keep = (file: PackedFile) => {
    if (file.skipped !== null && request.isStrict) refuseFile(file);
    if (file.skipped !== null) skipped++;
    files.push(file);
  };

  async function* unpacked(): AsyncGenerator<SourceFile> {
    for (const source of sources) {
      for await (const entry of source.entries((count) => (bytesRead += count))) {
        classes.add(entry.class);
        if (entry.kind === 'class') continue;
        const before = writer.resumed[met++];
        if (before === undefined) yield entry;
        else keep(sameFile(before, entry));
        if (met === resumed) report();
      }
    }
  }
  let place = writer.resumed.filter((file) => file.skipped === null).length;
  const width = 4 * Math.max(4, availableParallelism());
  for await (const { file, record } of inOrder(unpacked(), width, (each) => pack(each, form))) {
    const placed = { ...file, place: record === null ? 0 : place++ };
    keep(placed);
    writer.append(placed, record);
    if (files.length % PROGRESS_EVERY_FILES === 0) report();
  }
  report();
  return { files, classes };
}

function knownFiles(sources: readonly ImageSource[]): number | null {
  let files = 0;
  for (const { listing } of sources) {
    if (listing === null) return null;
    files += listing.filter((entry) => entry.kind === 'file').length;
  }
  return files;
}

function sameFile(before: PackedFile, entry: SourceFile): PackedFile {
  const isSame =
    before.part === entry.part && before.class === entry.class && before.name === entry.name;
  if (isSame) return before;
  throw new DataError(`${entry.origin}: changed since packing it began`, {
    hint: 'Delete the .partial and .journal files beside the store and begin anew.',
  });
}

function refuseFile({ part, class: className, name, skipped }: PackedFile): never {
  throw new DataError(`${part}/${className}/${name}: ${skipped}`, {
    hint: 'Without --strict such files are left out and listed. What is packed so far is kept.',
  });
}

async function pack(
  source: SourceFile,
  form: RecordForm,
): Promise<{ file: PackedFile; record: Uint8Array | null }> {
  const { part, class: className, name, origin } = source;
  const file = { part, class: className, name, origin, place: 0, crc32: 0, length: 0 };
  let sha256: string | null = null;
  try {
    const bytes = await source.read();
    sha256 = contentSha256(source, bytes);
    const remarks = source.pixels === undefined ? imageRemarks(bytes, name) : [];
    const record = await makeRecord(source, bytes, form);
    const facts = { crc32: crc32(record), length: record.length };
    return { file: { ...file, ...facts, sha256, remarks, skipped: null }, record };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    return { file: { ...file, sha256, remarks: [], skipped }, record: null };
  }
}
