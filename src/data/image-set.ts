// Decoded images: uint8 records with labels. Sources produce it once; splits are views of it, nothing is copied.
import type { StreamKey } from '../base/threefry.js';

/** Channels of the records of a data set that is made from a source: grey or RGB. */
export type Channels = 1 | 3;

/** Training or validation images, records of [C,H,W] u8 in a fixed order. */
export interface ImagePart {
  readonly count: number;
  /** i32 [count]: index into {@link ImageSet.classes}. */
  readonly labels: Int32Array;
  /** The record's u8 [C,H,W] pixels, as a view that stays valid. */
  pixels(index: number): Uint8Array;
}

/** A data set of square images, height = width = size. */
export interface ImageSet {
  /** Class names in byte order. */
  readonly classes: readonly string[];
  readonly channels: number;
  readonly size: number;
  readonly train: ImagePart;
  readonly val: ImagePart;
  /** Memory that holds all pixels, if another thread can share it: see `openStore`. */
  readonly records?: SharedArrayBuffer;
  /** SHA-256 over content (names, labels, pixels or source bytes): part of every run's identity. */
  readonly manifestHash: string;
}

/** One target or source task: some classes of a data set, labels renumbered 0.. in class-name byte order. */
export interface Task {
  readonly set: ImageSet;
  readonly classes: readonly string[];
  /** Record indices of the task's training and validation images, ascending. */
  readonly train: Int32Array;
  readonly val: Int32Array;
  /** Label by record index of the training and validation part; -1 outside the task. */
  readonly trainLabels: Int32Array;
  readonly valLabels: Int32Array;
}

/** One minibatch as a program is fed: see op `normalise`. */
export interface Minibatch {
  /** u8 [N,C,crop,crop], cut out and mirrored. */
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
