// What a store says of its images: everything but their pixels.
import type { HeldOut } from '../hold-out/held-out.js';
import type { Resize } from '../images/resize.js';
import type { PixelForm } from '../image-form.js';
import type { ByPart, PartName } from '../parts.js';
import type { NameTable } from './names.js';

/** A file of the source that is not in the store. */
export interface SkippedFile {
  /** "train/<class>/<name>". */
  readonly file: string;
  /** Folder or archive it lies in. */
  readonly origin: string;
  readonly reason: string;
}

/** How a store was packed. */
export interface PackedFacts {
  /** What a record is: u8 [C,H,W], or a JPEG file. */
  readonly records: 'raw' | 'jpeg';
  readonly resize: Resize;
  /** Hash of everything that determines the store's bytes. */
  readonly key: string;
  /** Files that were kept although something about them was unusual. */
  readonly remarks: readonly SkippedFile[];
  /** Set if its validation images are held-out training images. */
  readonly heldOut?: HeldOut;
}

/** What is known about a data set without its pixels. A header that was read keeps the keys that
 *  this version does not know. */
export interface StoreHeader {
  /** Class names in byte order. */
  readonly classes: readonly string[];
  /** Images of each class, in the order of `classes`; of a part without images all are 0. */
  readonly counts: ByPart<readonly number[]>;
  /** Shape of every image. */
  readonly form: PixelForm;
  /** See {@link ImageSet.manifestHash}. */
  readonly manifestHash: string;
  /** What version 0.1.0 had as `manifestHash`: it counted files that are not images, too. Left out
   *  where it is the same, or not known. */
  readonly formerHash?: string;
  /** The same over the files of the test part; left out if it has none. */
  readonly testHash?: string;
  /** Validation images whose file is a training image too, of how many; left out if there are
   *  none, and in stores of version 0.1.0. */
  readonly leaked?: {
    readonly images: number;
    readonly of: number;
    /** "val/a/1.jpg = train/b/2.jpg", the first five. */
    readonly examples: readonly string[];
  };
  readonly skipped: readonly SkippedFile[];
  /** Absolute paths of the folders and archives it was made from. */
  readonly sources: readonly string[];
  /** Not in stores that studies of version 0.1 have decoded into the cache. */
  readonly packed?: PackedFacts;
}

/** Labels and places of one part's records. */
export interface PartIndex {
  /** i32 [count]: index into `classes`, ascending. */
  readonly labels: Int32Array;
  /** u32 [count]: the record's place. Raw records lie at RECORDS_AT + place * C*H*W. */
  readonly places: Uint32Array;
  /** As `packed` of the header. */
  readonly records?: RecordTable;
}

/** What a packed store knows of each record of a part, in the part's order. */
export interface RecordTable {
  /** u32 [count]: CRC-32 of the record. */
  readonly crc32: Uint32Array;
  /** u32 [count]: bytes of the record. */
  readonly lengths: Uint32Array;
  /** The source's file names below their class. */
  readonly names: NameTable;
}

/** All of a store but its pixels. */
export interface StoreIndex extends ByPart<PartIndex> {
  readonly header: StoreHeader;
}

/** Sum of the images of all classes. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Images of a part. */
export function imagesOf({ counts }: Pick<StoreHeader, 'counts'>, part: PartName): number {
  return total(counts[part]);
}
