// Decoded images: uint8 records with labels. Sources produce it once; splits are views of it,
// nothing is copied.
import { DataError } from '../base/errors.js';
import type { StreamKey } from '../base/threefry.js';
import type { Selection } from './classes/selection.js';
import type { ImageForm } from './image-form.js';
import type { ByPart } from './parts.js';

/** The images of one part, records of [C,H,W] u8 in a fixed order. */
export interface ImagePart {
  readonly count: number;
  /** i32 [count]: index into {@link ImageSet.classes}. */
  readonly labels: Int32Array;
  /** Copies an image's u8 [C,H,W] pixels to the start of `into`, which nobody else may touch until
   *  it is done. At once where pixels only have to be fetched; a promise where they must be
   *  decoded.
   *  @throws DataError (or rejects with one) naming store and image if it cannot be read or is
   *  damaged */
  read(index: number, into: Uint8Array): void | Promise<void>;
  /** The same pixels as an array that stays valid: for looking at a few images, not for going
   *  through a data set.
   *  @throws DataError as `read` does, and if the image must be decoded: `read` can */
  pixels(index: number): Uint8Array;
  /** Reads these images from the disk so that the system's file cache has them when they are asked
   *  for. Left out where it has no use. */
  readAhead?(indices: Int32Array): void;
}

/** Memory of a store, for other threads that open it too. */
export interface SharedStore {
  /** The file's index without the names of the images. */
  readonly index: SharedArrayBuffer;
  /** All pixels, if they are kept in memory. */
  readonly records?: SharedArrayBuffer;
}

/** A part without images. */
export const noImages: ImagePart = {
  count: 0,
  labels: new Int32Array(0),
  read: (index) => refuseImage(index),
  pixels: (index) => refuseImage(index),
};

function refuseImage(index: number): never {
  throw new DataError(`no image ${index}, the part has none`);
}

/** A data set: images of one shape, in parts. The test part may have none. */
export interface ImageSet extends ByPart<ImagePart> {
  /** Class names in byte order. */
  readonly classes: readonly string[];
  /** Shape of every image. */
  readonly form: ImageForm;
  /** What another thread need not read again: see `openStore`. */
  readonly shared?: SharedStore;
  /** Whether images are decoded when they are read: `read` then gives promises, and several at a
   *  time are worth while. */
  readonly isEncoded?: boolean;
  /** Set if going through all images takes long (they are read from disk each time): equal keys,
   *  equal images. */
  readonly contentKey?: string;
  /** SHA-256 over content (names, labels, pixels or source bytes) of training and validation
   *  images: part of every run's identity. */
  readonly manifestHash: string;
  /** The same of the test part, on which no training depends; left out if it has no files. */
  readonly testHash?: string;
}

/** One target or source task: some classes of a data set, labels renumbered 0.. in class-name byte
 *  order. */
export interface Task {
  readonly set: ImageSet;
  readonly classes: readonly string[];
  /** Record indices of the task's training and validation images, ascending. */
  readonly train: Int32Array;
  readonly val: Int32Array;
  /** Label by record index of the training and validation part; -1 outside the task. */
  readonly trainLabels: Int32Array;
  readonly valLabels: Int32Array;
  /** What was kept aside of its training images; left out: nothing. */
  readonly selection?: Selection;
}

/** One minibatch as a program is fed: see op `normalise`. */
export interface Minibatch {
  /** Shape of one crop. */
  readonly form: ImageForm;
  /** u8 [N,C,height,width], cut out and mirrored. */
  readonly crops: Uint8Array;
  /** i32 [N,3]: top, left, mirrored (0/1). */
  readonly windows: Int32Array;
  /** i32 [N]: task label; -1 for padding rows of the last test batch. */
  readonly labels: Int32Array;
}

/** Names of the streams that order and augment the training images of a gang. */
export interface AugmentationKeys {
  readonly order: StreamKey;
  readonly augment: StreamKey;
}
