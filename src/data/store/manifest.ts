// From the decoded files, in whatever order they came, to the data set's order, labels and
// identity.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { compareBytes, inByteOrder } from '../classes/byte-order.js';
import { DECODING } from '../images/decode.js';
import type { Channels } from '../image-set.js';
import type { PartName } from '../source.js';
import { listed } from '../classes/splits.js';
import type { PackedFacts, PartIndex, RecordTable, SkippedFile, StoreIndex } from './store-file.js';

/** What all records of a data set have in common. */
export interface RecordShape {
  readonly channels: Channels;
  /** Height = width in pixels. */
  readonly size: number;
}

/** One file of a source after decoding. */
export interface DecodedFile {
  readonly part: PartName;
  readonly class: string;
  readonly name: string;
  readonly origin: string;
  /** Place of its record in the store. */
  readonly place: number;
  /** SHA-256 of its bytes (see `contentSha256`); null if it could not be read. */
  readonly sha256: string | null;
  /** Why it has no record; null if it has one. */
  readonly skipped: string | null;
}

/** One file that `data pack` has been through. */
export interface PackedFile extends DecodedFile {
  readonly crc32: number;
  /** Bytes of its record; 0 if it was skipped. */
  readonly length: number;
  /** What was unusual about it although it was kept. */
  readonly remarks: readonly string[];
}

/** All of a store but its pixels, from its files and the classes met (also those without a file).
 *  The manifest hash covers size, channels, decoding version, class names and, in byte order of
 *  (class, name), each file's name, the SHA-256 of its bytes and whether it could be decoded: equal
 *  data give an equal hash on any machine, from folder or archives.
 *  @throws DataError if a file comes twice, there are no images, a part is missing or a class is
 *  empty in a part */
export function buildIndex(
  files: readonly DecodedFile[],
  classesMet: ReadonlySet<string>,
  shape: RecordShape,
  sources: readonly string[],
): StoreIndex {
  const index = indexFiles(files, classesMet, shape, sources);
  refuseEmpty(index.header.classes, index.header.counts, index.header.skipped, sources);
  return index;
}

/** The same for a packed store, which may have classes without images. The hash covers `resize` and
 *  `records` too where they are not the usual ones.
 *  @throws DataError if a file comes twice or there are no images at all */
export function buildPackedIndex(
  files: readonly PackedFile[],
  classesMet: ReadonlySet<string>,
  shape: RecordShape,
  sources: readonly string[],
  facts: Omit<PackedFacts, 'remarks'>,
): StoreIndex {
  const { records, resize } = facts;
  const isUsual = records === 'raw' && resize === 'warp';
  const index = indexFiles(files, classesMet, shape, sources, isUsual ? {} : { records, resize });
  const { header } = index;
  if (index.train.labels.length + index.val.labels.length === 0) {
    refuseEmpty(header.classes, header.counts, header.skipped, sources);
  }
  const sorted = [...files].sort(compareFiles);
  const remarks = sorted.flatMap((file): SkippedFile[] =>
    file.remarks.length === 0
      ? []
      : [{ file: pathOf(file), origin: file.origin, reason: file.remarks.join('; ') }],
  );
  return {
    header: { ...header, packed: { ...facts, remarks } },
    train: { ...index.train, records: recordTable(sorted, 'train') },
    val: { ...index.val, records: recordTable(sorted, 'val') },
  };
}

function recordTable(sorted: readonly PackedFile[], part: PartName): RecordTable {
  const kept = sorted.filter((file) => file.part === part && file.skipped === null);
  return {
    crc32: Uint32Array.from(kept, (file) => file.crc32),
    lengths: Uint32Array.from(kept, (file) => file.length),
    names: kept.map((file) => file.name),
  };
}

function indexFiles(
  files: readonly DecodedFile[],
  classesMet: ReadonlySet<string>,
  shape: RecordShape,
  sources: readonly string[],
  unusual: Readonly<Record<string, string>> = {},
): StoreIndex {
  const sorted = [...files].sort(compareFiles);
  refuseTwice(sorted);
  const classes = inByteOrder([...classesMet]);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const train = partIndex(sorted, 'train', labels);
  const val = partIndex(sorted, 'val', labels);
  const skipped = sorted.flatMap((file): SkippedFile[] =>
    file.skipped === null
      ? []
      : [{ file: pathOf(file), origin: file.origin, reason: file.skipped }],
  );
  return {
    header: {
      schema: 'selffer.images/1',
      classes,
      counts: { train: train.counts, val: val.counts },
      channels: shape.channels,
      size: shape.size,
      manifestHash: manifestHash(sorted, classes, shape, unusual),
      skipped,
      sources,
    },
    train: train.index,
    val: val.index,
  };
}

function partIndex(
  sorted: readonly DecodedFile[],
  part: PartName,
  labels: ReadonlyMap<string, number>,
): { index: PartIndex; counts: number[] } {
  const kept = sorted.filter((file) => file.part === part && file.skipped === null);
  const index = {
    labels: Int32Array.from(kept, (file) => labels.get(file.class) as number),
    places: Uint32Array.from(kept, (file) => file.place),
  };
  const counts = new Array<number>(labels.size).fill(0);
  for (const label of index.labels) counts[label] = (counts[label] as number) + 1;
  return { index, counts };
}

/** The hash that {@link buildIndex} gives a data set.
 *  @param sorted all files in byte order of (part, class, name)
 *  @param unusual further facts that it is to cover */
export function manifestHash(
  sorted: Iterable<Pick<DecodedFile, 'part' | 'class' | 'name' | 'sha256' | 'skipped'>>,
  classes: readonly string[],
  { channels, size }: RecordShape,
  unusual: Readonly<Record<string, string>> = {},
): string {
  const hash = createHash('sha256');
  hash.update(
    canonicalJson({
      schema: 'selffer.images/1',
      decoding: DECODING,
      channels,
      size,
      classes,
      ...unusual,
    }),
  );
  for (const { part, class: className, name, sha256, skipped } of sorted) {
    hash.update(`\n${canonicalJson([part, className, name, sha256, skipped === null])}`);
  }
  return hash.digest('hex');
}

function compareFiles(a: DecodedFile, b: DecodedFile): number {
  return (
    compareBytes(a.part, b.part) || compareBytes(a.class, b.class) || compareBytes(a.name, b.name)
  );
}

function pathOf(file: DecodedFile): string {
  return `${file.part}/${file.class}/${file.name}`;
}

function refuseTwice(sorted: readonly DecodedFile[]): void {
  for (const [at, file] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before === undefined || compareFiles(before, file) !== 0) continue;
    throw new DataError(`${pathOf(file)} comes twice: in ${before.origin} and in ${file.origin}`, {
      hint: 'Shards of one data set must not overlap.',
    });
  }
}

/** @throws DataError if there are no classes or one of them has no image in a part */
export function refuseEmpty(
  classes: readonly string[],
  counts: { readonly train: readonly number[]; readonly val: readonly number[] },
  skippedFiles: readonly SkippedFile[],
  sources: readonly string[],
): void {
  const where = sources.join(', ');
  for (const part of ['train', 'val'] as const) {
    const empty = classes.filter((_, label) => counts[part][label] === 0);
    if (empty.length === 0 && classes.length > 0) continue;
    const what = empty.length === classes.length ? 'no images' : `no images of ${listed(empty)}`;
    const skipped = skippedFiles.find(({ file }) => file.startsWith(`${part}/`));
    throw new DataError(`${what} at ${part}/<class>/* in ${where}`, {
      hint:
        skipped === undefined
          ? 'Each class needs at least one training and one validation image (JPEG, PNG or WebP).'
          : `Files that could not be decoded were skipped, such as ${skipped.file}: ${skipped.reason}.`,
    });
  }
}
