// The loop of packing: every file of the sources, in order, through the decoder and into the store.
import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import { DataError } from '../../base/errors.js';
import { lookOf } from '../hold-out/look.js';
import { imageRemarks } from '../images/image-format.js';
import {
  contentSha256,
  putRecord,
  type RecordForm,
  type Rendering,
  renderRecord,
} from '../images/record.js';
import type { ImageSource, SourceFile } from '../source.js';
import { everyEntry, everyListedEntry } from '../sources/every-entry.js';
import type { PackedFile, PackedFiles } from '../store/manifest.js';
import type { SkippedFile } from '../store/store-index.js';
import { inOrder } from './in-order.js';
import type { PackProgress } from './request.js';

const PROGRESS_EVERY_FILES = 50;
// Of files that are being decoded: a hundred large photographs, or one that is larger.
const BYTES_IN_WORK = 256 * 2 ** 20;

/** Where packed files go. */
export interface FileSink {
  /** Files that it has from an earlier process, in order. */
  readonly resumed: readonly PackedFile[];
  /** Bytes of the store so far. */
  readonly storeBytes: number;
  /** Room of `length` bytes for the next file's record, to be filled before anything else is asked.
   *  @throws DataError if the disk refuses what came before */
  room(length: number): Uint8Array;
  /** Adds the next file; its record, if it has one, was put into {@link room}.
   *  @throws DataError if the disk refuses it */
  append(file: PackedFile): void;
}

/** What to pack, and how. */
export interface PackWork {
  readonly sources: readonly ImageSource[];
  readonly form: RecordForm;
  /** Whether to note what each image looks like, for holding out. */
  readonly isLooking?: boolean;
  /** Stop at the first file that cannot be used. */
  readonly isStrict?: boolean;
  readonly stop?: AbortSignal | undefined;
}

/** Number of files in all sources; null unless all know theirs before they are read. */
export function knownFiles(sources: readonly ImageSource[]): number | null {
  return everyListedEntry(sources)?.filter((entry) => entry.kind === 'file').length ?? null;
}

/** Packs what `sink` does not have yet.
 *  @throws DataError if the source is damaged or changed since packing began, the disk is full, or
 *  (`isStrict`) a file cannot be used; the reason of `stop` once that is aborted */
export async function packFiles(
  { sources, form, isStrict = false, isLooking = false, stop }: PackWork,
  sink: FileSink,
  onProgress: (progress: PackProgress) => void,
): Promise<PackedFiles> {
  const classes = new Set<string>();
  const leftOut: SkippedFile[] = [];
  const resumed = sink.resumed.length;
  const files: PackedFile[] = [];
  const [known, bytes] = [knownFiles(sources), sources.reduce((sum, each) => sum + each.bytes, 0)];
  let bytesRead = 0;
  let met = 0;
  let skipped = 0;
  const report = () => {
    const fraction = known === null ? bytesRead / Math.max(1, bytes) : met / Math.max(1, known);
    const storeBytes = sink.storeBytes;
    onProgress({ files: files.length, resumed, skipped, fraction, storeBytes });
  };
  const keep = (file: PackedFile) => {
    if (file.skipped !== null && isStrict) refuseFile(file);
    if (file.skipped !== null) skipped++;
    files.push(file);
  };

  async function* unpacked(): AsyncGenerator<SourceFile> {
    for await (const entry of everyEntry(sources, (count) => (bytesRead += count))) {
      stop?.throwIfAborted();
      if (entry.kind === 'left out') {
        leftOut.push({ file: entry.file, origin: entry.origin, reason: entry.reason });
        continue;
      }
      classes.add(entry.class);
      if (entry.kind === 'class') continue;
      const before = sink.resumed[met++];
      if (before === undefined) yield entry;
      else keep(sameFile(before, entry));
      if (met === resumed) report();
    }
  }
  let place = sink.resumed.filter((file) => file.skipped === null).length;
  const width = { items: 4 * Math.max(4, availableParallelism()), weight: BYTES_IN_WORK };
  const work = (each: SourceFile) => decode(each, form, isLooking);
  const weigh = (each: SourceFile) => each.size ?? 0;
  for await (const { file, image } of inOrder(unpacked(), width, work, weigh)) {
    const packed =
      image === null ? file : { ...file, place: place++, ...record(image, form, sink) };
    keep(packed);
    sink.append(packed);
    if (files.length % PROGRESS_EVERY_FILES === 0) report();
  }
  report();
  return { files, classes, leftOut };
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

/** @returns what is known of a file, and its image; null if it cannot be used */
async function decode(
  source: SourceFile,
  form: RecordForm,
  isLooking: boolean,
): Promise<{ file: PackedFile; image: Rendering | null }> {
  const { part, class: className, name, origin, shard } = source;
  const place = { part, class: className, name, origin, ...(shard === undefined ? {} : { shard }) };
  const file = { ...place, place: 0, crc32: 0, length: 0 };
  let sha256: string | null = null;
  let isImage = false;
  try {
    const bytes = await source.read();
    sha256 = contentSha256(source, bytes);
    const remarks = source.pixels === undefined ? imageRemarks(bytes, name) : [];
    isImage = true;
    const image = await renderRecord(source, bytes, form);
    const { steps } = image;
    if (steps.includes('turned')) remarks.push('turned upright, as its EXIF orientation says');
    const made = {
      ...(steps.length === 0 ? {} : { steps }),
      ...(isLooking ? { look: await lookOf(image, form) } : {}),
    };
    return { file: { ...file, sha256, remarks, skipped: null, ...made }, image };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    const known = sha256 ?? contentHashOf(error);
    const foreign = isImage ? {} : { foreign: known === undefined ? {} : { sha256: known } };
    return { file: { ...file, sha256, remarks: [], skipped, ...foreign }, image: null };
  }
}

/** The hash of a file's content that the error of reading it brings along: null if the file could
 *  not be read, undefined if it was not read to its end. */
function contentHashOf(error: unknown): string | null | undefined {
  const data = error instanceof DataError ? error.data : {};
  if (!('sha256' in data)) return null;
  return typeof data['sha256'] === 'string' ? data['sha256'] : undefined;
}

// Straight into the writer's memory: an array for each record would be the collector's work.
function record(image: Rendering, { channels }: RecordForm, sink: FileSink) {
  const room = sink.room(image.data.length);
  putRecord(image, channels, room);
  return { crc32: crc32(room), length: room.length };
}
