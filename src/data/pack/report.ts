// What became of every file of a packed source. A pure function of the store: no times, the same
// after any interruption.
import { sideOf } from '../image-form.js';
import { type ByPart, byPart, type PartName } from '../parts.js';
import { imagesOf, type SkippedFile, type StoreHeader } from '../store/store-index.js';

/** The report of a packed store. */
export interface PackReport {
  readonly schema: 'selffer.pack/1';
  readonly store: string;
  readonly sizeBytes: number;
  readonly classes: number;
  readonly images: ByPart<number>;
  readonly channels: number;
  /** Height = width; null if the images are not square. */
  readonly size: number | null;
  readonly records: 'raw' | 'jpeg';
  readonly resize: 'warp' | 'crop';
  readonly manifestHash: string;
  /** Only if there is a test part. */
  readonly testHash?: string;
  readonly sources: readonly string[];
  /** Classes without an image in a part: studies refuse those without training or validation
   *  images. */
  readonly emptyClasses: Readonly<Partial<Record<PartName, readonly string[]>>>;
  /** See `leaked` of a store's header. */
  readonly leaked?: NonNullable<StoreHeader['leaked']>;
  /** Files that were left out, and why. */
  readonly skipped: readonly SkippedFile[];
  /** Files that were kept although something about them was unusual. */
  readonly remarks: readonly SkippedFile[];
}

/** The report of the store at `store`, `sizeBytes` long. */
export function packReport(store: string, header: StoreHeader, sizeBytes: number): PackReport {
  const { classes, counts, form, manifestHash, testHash, sources, skipped, packed } = header;
  const empty = (part: PartName) => classes.filter((_, label) => counts[part][label] === 0);
  return {
    schema: 'selffer.pack/1',
    store,
    sizeBytes,
    classes: classes.length,
    images: byPart((part) => imagesOf(header, part)),
    channels: form.channels,
    size: sideOf(form),
    records: packed?.records ?? 'raw',
    resize: packed?.resize ?? 'warp',
    manifestHash,
    ...(testHash === undefined ? {} : { testHash }),
    sources,
    emptyClasses: {
      train: empty('train'),
      val: empty('val'),
      ...(testHash === undefined ? {} : { test: empty('test') }),
    },
    ...(header.leaked === undefined ? {} : { leaked: header.leaked }),
    skipped,
    remarks: packed?.remarks ?? [],
  };
}

/** Number of files by reason, most first; reasons that differ only in their detail in brackets
 *  count as one. */
export function countReasons(files: readonly SkippedFile[]): [reason: string, files: number][] {
  const counts = new Map<string, number>();
  for (const { reason } of files) {
    const kind = reason.replace(/ \((?!it looks|no permission|it is gone|a link).*$/, '');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
