// From the packed files, in whatever order they came, to the data set's order, labels and identity.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import { compareBytes, inByteOrder } from '../classes/byte-order.js';
import type { HeldOut } from '../hold-out/held-out.js';
import type { Look } from '../hold-out/look.js';
import type { PixelForm } from '../image-form.js';
import { DECODING, type DecodingStep } from '../images/decode.js';
import type { RecordForm } from '../images/record.js';
import { byPart, neededParts, partNames, type PartName } from '../parts.js';
import { nameList } from './names.js';
import { refuseEmpty } from './refuse-empty.js';
import type { PartIndex, SkippedFile, StoreHeader, StoreIndex } from './store-index.js';

/** Which file of a source. */
export interface FileName {
  readonly part: PartName;
  readonly class: string;
  readonly name: string;
  readonly origin: string;
  /** See `shard` of a source's file. */
  readonly shard?: string;
}

/** One file of a source that packing has been through. */
export interface PackedFile extends FileName {
  /** Place of its record in the store. */
  readonly place: number;
  /** SHA-256 of its bytes (see `contentSha256`); null if it could not be read. */
  readonly sha256: string | null;
  /** Why it has no record; null if it has one. */
  readonly skipped: string | null;
  readonly crc32: number;
  /** Bytes of its record; 0 if it was skipped. */
  readonly length: number;
  /** What was done to it, where that is not what every image goes through. */
  readonly steps?: readonly DecodingStep[];
  /** What it looks like, if that was asked for. */
  readonly look?: Look;
  /** What was unusual about it although it was kept. */
  readonly remarks: readonly string[];
  /** Set if it was left out because its first bytes are not those of an image, or it has none: it
   *  is no part of the identity. With the SHA-256 that earlier versions counted it by (null: it
   *  could not be read), left out if that is not known. */
  readonly foreign?: { readonly sha256?: string | null };
}

/** What packing found: every file in the order of the sources, and the classes met, also those
 *  without a file. */
export interface PackedFiles {
  readonly files: readonly PackedFile[];
  readonly classes: ReadonlySet<string>;
  /** Set if its validation images were training images. */
  readonly heldOut?: HeldOut;
  /** What was passed over without being a file of a class. */
  readonly leftOut?: readonly SkippedFile[];
}

/** All of a store but its pixels. Its hashes cover form, decoding version, class names and, in byte
 *  order of (class, name), each image's name, the SHA-256 of its bytes, whether it could be
 *  decoded, and its steps; `resize` and `records` too where they are not the usual ones. Files that
 *  are not images by their first bytes do not count. Equal data give an equal hash on any machine,
 *  from folder or archives. The test part has a hash of its own: training does not depend on it.
 *  @param key see {@link PackedFacts}
 *  @throws DataError if a file comes twice, or there are neither training nor validation images */
export function buildIndex(
  { files, classes: met, leftOut = [], heldOut }: PackedFiles,
  form: RecordForm,
  sources: readonly string[],
  key: string,
): StoreIndex {
  const sorted = refuseTwice(toldApart(files));
  const classes = inByteOrder([...met]);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const parts = byPart((part) => partIndex(sorted, part, labels));
  const { records, resize } = form;
  const unusual = records === 'raw' && resize === 'warp' ? {} : { records, resize };
  const counted = sorted.filter(({ foreign }) => foreign === undefined);
  const [trained, held] = [counted.filter(isTrained), counted.filter((file) => !isTrained(file))];
  const hash = (some: readonly PackedFile[]) => manifestHash(some, classes, form, unusual);
  const former = formerFiles(sorted.filter(isTrained));
  const header: StoreHeader = {
    classes,
    counts: byPart((part) => classCounts(parts[part].labels, classes.length)),
    form: { channels: form.channels, height: form.height, width: form.width },
    manifestHash: hash(trained),
    ...(former === null ? {} : { formerHash: hash(former) }),
    ...leaked(sorted),
    ...(held.length === 0 ? {} : { testHash: hash(held) }),
    skipped: [
      ...sorted.flatMap((file) => said(file, file.skipped === null ? [] : [file.skipped])),
      ...leftOut,
    ],
    sources,
    packed: {
      ...{ records, resize, key },
      remarks: sorted.flatMap((file) => said(file, file.remarks)),
      ...(heldOut === undefined ? {} : { heldOut }),
    },
  };
  if (neededParts.every((part) => parts[part].labels.length === 0)) refuseEmpty(header);
  return { header, ...parts };
}

const EXAMPLES = 5;

/** Validation images whose file is a training image too, byte by byte. */
function leaked(sorted: readonly PackedFile[]): Pick<StoreHeader, 'leaked'> {
  const kept = sorted.filter(({ skipped, sha256 }) => skipped === null && sha256 !== null);
  const [val, train] = (['val', 'train'] as const).map((part) =>
    kept.filter((file) => file.part === part),
  ) as [PackedFile[], PackedFile[]];
  const hashes = new Set(val.map(({ sha256 }) => sha256));
  const twins = new Map<string | null, PackedFile>();
  for (const file of train) if (hashes.has(file.sha256)) twins.set(file.sha256, file);
  const found = val.filter(({ sha256 }) => twins.has(sha256));
  if (found.length === 0) return {};
  const examples = found
    .slice(0, EXAMPLES)
    .map((file) => `${pathOf(file)} = ${pathOf(twins.get(file.sha256) as PackedFile)}`);
  return { leaked: { images: found.length, of: val.length, examples } };
}

/** Files as version 0.1.0 counted them, those that are not images too; null if there are none of
 *  those, or one is too large to have been hashed. */
function formerFiles(files: readonly PackedFile[]): readonly PackedFile[] | null {
  const foreign = files.flatMap((file) => file.foreign ?? []);
  if (foreign.length === 0 || foreign.some(({ sha256 }) => sha256 === undefined)) return null;
  return files.map((file) => ({ ...file, sha256: file.foreign?.sha256 ?? file.sha256 }));
}

function isTrained({ part }: FileName): boolean {
  return part !== 'test';
}

function said(file: FileName, reasons: readonly string[]): SkippedFile[] {
  if (reasons.length === 0) return [];
  return [{ file: pathOf(file), origin: file.origin, reason: reasons.join('; ') }];
}

function partIndex(
  sorted: readonly PackedFile[],
  part: PartName,
  labels: ReadonlyMap<string, number>,
): PartIndex {
  const kept = sorted.filter((file) => file.part === part && file.skipped === null);
  return {
    labels: Int32Array.from(kept, (file) => labels.get(file.class) as number),
    places: Uint32Array.from(kept, (file) => file.place),
    records: {
      crc32: Uint32Array.from(kept, (file) => file.crc32),
      lengths: Uint32Array.from(kept, (file) => file.length),
      names: nameList(kept.map((file) => file.name)),
    },
  };
}

/** Images of each class. @param labels index into the classes of each image */
export function classCounts(labels: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

/** What of a file its data set's hash covers. */
export type HashedFile = Pick<
  PackedFile,
  'part' | 'class' | 'name' | 'sha256' | 'skipped' | 'steps'
>;

/** The hash that {@link buildIndex} gives files of a data set.
 *  @param sorted in byte order of (part, class, name)
 *  @param unusual further facts that it is to cover */
export function manifestHash(
  sorted: Iterable<HashedFile>,
  classes: readonly string[],
  { channels, height, width }: PixelForm,
  unusual: Readonly<Record<string, string>> = {},
): string {
  const hash = createHash('sha256');
  const sides = height === width ? { size: height } : { height, width };
  hash.update(
    canonicalJson({
      schema: 'selffer.images/1',
      decoding: DECODING,
      channels,
      ...sides,
      classes,
      ...unusual,
    }),
  );
  for (const { part, class: className, name, sha256, skipped, steps = [] } of sorted) {
    // Steps come last and only where there are some: data sets without keep their older hash.
    const line = [part, className, name, sha256, skipped === null, ...steps];
    hash.update(`\n${canonicalJson(line)}`);
  }
  return hash.digest('hex');
}

function compareFiles(a: FileName, b: FileName): number {
  return (
    partNames.indexOf(a.part) - partNames.indexOf(b.part) ||
    compareBytes(a.class, b.class) ||
    compareBytes(a.name, b.name)
  );
}

function pathOf(file: FileName): string {
  return `${file.part}/${file.class}/${file.name}`;
}

/** Files by part and in byte order of (class, name). @throws DataError if one comes twice */
export function refuseTwice<T extends FileName>(files: readonly T[]): T[] {
  const sorted = [...files].sort(compareFiles);
  for (const [at, file] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before === undefined || compareFiles(before, file) !== 0) continue;
    const where =
      before.origin === file.origin
        ? `twice in ${file.origin}`
        : `twice: in ${before.origin} and in ${file.origin}`;
    throw new DataError(`${pathOf(file)} comes ${where}`, {
      hint:
        before.origin === file.origin
          ? 'tar -r appends a file again beside its older form: unpack the archive, which keeps the last, and pack it again.'
          : 'Shards of one data set must not overlap.',
    });
  }
  return sorted;
}

/** Files of shards that have the name of a file of another shard, with their shard's name before
 *  their own; all others as they are. */
function toldApart(files: readonly PackedFile[]): readonly PackedFile[] {
  if (files.every(({ shard }) => shard === undefined)) return files;
  const sorted = [...files].sort(compareFiles);
  const again = new Set<PackedFile>();
  for (const [at, file] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before === undefined || compareFiles(before, file) !== 0) continue;
    if (before.origin !== file.origin) again.add(before).add(file);
  }
  return files.map((file) =>
    again.has(file) && file.shard !== undefined
      ? { ...file, name: `${file.shard}/${file.name}` }
      : file,
  );
}
