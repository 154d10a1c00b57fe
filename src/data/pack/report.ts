// What became of every file of a packed source. A pure function of the store: no times, the same
// after any interruption.
import { type SkippedFile, type StoreHeader, total } from '../store/store-file.js';

/** The report of a packed store. */
export interface PackReport {
  readonly schema: 'selffer.pack/1';
  readonly store: string;
  readonly sizeBytes: number;
  readonly classes: number;
  readonly images: { readonly train: number; readonly val: number };
  readonly channels: number;
  readonly size: number;
  readonly records: 'raw' | 'jpeg';
  readonly resize: 'warp' | 'crop';
  readonly manifestHash: string;
  readonly sources: readonly string[];
  /** Classes without an image in a part: studies refuse them. */
  readonly emptyClasses: { readonly train: readonly string[]; readonly val: readonly string[] };
  /** Files that were left out, and why. */
  readonly skipped: readonly SkippedFile[];
  /** Files that were kept although something about them was unusual. */
  readonly remarks: readonly SkippedFile[];
}

/** The report of the store at `store`, `sizeBytes` long. */
export function packReport(store: string, header: StoreHeader, sizeBytes: number): PackReport {
  const { classes, counts, channels, size, manifestHash, sources, skipped, packed } = header;
  const empty = (part: readonly number[]) => classes.filter((_, label) => part[label] === 0);
  return {
    schema: 'selffer.pack/1',
    store,
    sizeBytes,
    classes: classes.length,
    images: { train: total(counts.train), val: total(counts.val) },
    channels,
    size,
    records: packed?.records ?? 'raw',
    resize: packed?.resize ?? 'warp',
    manifestHash,
    sources,
    emptyClasses: { train: empty(counts.train), val: empty(counts.val) },
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
