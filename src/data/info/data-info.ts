// What is known of a data set once every image has been looked at; kept beside the store for
// reports.
import { existsSync, readFileSync } from 'node:fs';
import type { ByPart, PartName } from '../parts.js';

/** An image of a store. */
export interface ImageName {
  readonly part: PartName;
  readonly class: string;
  /** Index of its record in the part. */
  readonly record: number;
  /** Its file's name below the class; null in stores that do not keep names. */
  readonly name: string | null;
}

/** Copies among the images of a data set. */
export interface Duplicates {
  /** Groups of copies. */
  readonly groups: number;
  /** Images that belong to a group. */
  readonly images: number;
  /** Groups with two and more training (validation, test) images. */
  readonly withinTrain: number;
  readonly withinVal: number;
  readonly withinTest: number;
  /** Groups with training and validation images: what is tested was trained on. */
  readonly betweenTrainAndVal: number;
  /** Validation images that have a copy among the training images. */
  readonly leakedVal: number;
  /** Test images that have a copy among the training or validation images. */
  readonly leakedTest: number;
  /** Groups with images of several classes: they can end up in both tasks of a split. */
  readonly betweenClasses: number;
  /** Every group. */
  readonly members: readonly (readonly ImageName[])[];
}

/** Written to `<store>.info.json`. */
export interface DataInfo {
  readonly schema: 'selffer.data-info/1';
  readonly store: string;
  readonly manifestHash: string;
  /** Only if there is a test part. */
  readonly testHash?: string;
  readonly channels: number;
  /** Height = width; null if the images are not square. */
  readonly size: number | null;
  readonly height: number;
  readonly width: number;
  readonly storeBytes: number;
  readonly recordBytes: { readonly least: number; readonly median: number; readonly most: number };
  /** Images of each class. */
  readonly classes: readonly ({ readonly name: string } & ByPart<number>)[];
  readonly images: ByPart<number>;
  /** Mean and standard deviation of all training pixels by channel (RGB), 0..255. */
  readonly channelMean: readonly number[];
  readonly channelDeviation: readonly number[];
  /** Equal pixels. */
  readonly exact: Duplicates;
  /** Difference hashes of at most 5 of 144 different bits; exact ones included. A hint, not a
   *  proof: copies that were scaled or cropped are mostly missed. */
  readonly near: Duplicates;
  /** Images with too little structure to be compared by their hash. */
  readonly unjudged: number;
  /** Records whose checksum differs: the store is damaged there. */
  readonly damaged: readonly ImageName[];
  /** What every report that uses the data should say. */
  readonly warnings: readonly string[];
}

/** What `data info` found out about a store, if it was asked and the store is still the same; else
 *  null. */
export function readDataInfo(store: string, manifestHash: string): DataInfo | null {
  const path = `${store}.info.json`;
  if (!existsSync(path)) return null;
  try {
    const info = JSON.parse(readFileSync(path, 'utf8')) as DataInfo;
    const isOurs = info.schema === 'selffer.data-info/1' && info.manifestHash === manifestHash;
    return isOurs ? info : null;
  } catch {
    return null; // torn or foreign: as if it had not been asked
  }
}

/** Number of groups, or of validation images, by where the copies are. */
export function countDuplicates(members: readonly (readonly ImageName[])[]): Duplicates {
  const of = (group: readonly ImageName[], part: PartName) =>
    group.filter((image) => image.part === part).length;
  const count = (test: (group: readonly ImageName[]) => boolean) => members.filter(test).length;
  const isLeak = (group: readonly ImageName[]) => of(group, 'train') > 0 && of(group, 'val') > 0;
  return {
    groups: members.length,
    images: members.reduce((sum, group) => sum + group.length, 0),
    withinTrain: count((group) => of(group, 'train') > 1),
    withinVal: count((group) => of(group, 'val') > 1),
    withinTest: count((group) => of(group, 'test') > 1),
    betweenTrainAndVal: count(isLeak),
    leakedVal: members.filter(isLeak).reduce((sum, group) => sum + of(group, 'val'), 0),
    leakedTest: members
      .filter((group) => of(group, 'test') < group.length)
      .reduce((sum, group) => sum + of(group, 'test'), 0),
    betweenClasses: count((group) => new Set(group.map((image) => image.class)).size > 1),
    members,
  };
}

/** Sentences about leaks, damage and copies of different classes; none if there is nothing to
 *  say. */
export function dataWarnings(
  info: Pick<DataInfo, 'exact' | 'near' | 'damaged' | 'images'>,
): string[] {
  const { exact, near, damaged, images } = info;
  const warnings: string[] = [];
  const share = (count: number, part: PartName = 'val') =>
    `${((100 * count) / Math.max(1, images[part])).toFixed(2)} %`;
  if (exact.leakedVal > 0) {
    warnings.push(
      `${exact.leakedVal} validation images (${share(exact.leakedVal)}) are also training images, pixel by pixel: accuracies may be off by up to that much`,
    );
  }
  if (near.leakedVal > exact.leakedVal) {
    warnings.push(
      `${near.leakedVal} validation images (${share(near.leakedVal)}) look almost like a training image (difference hash)`,
    );
  }
  if (exact.leakedTest > 0) {
    warnings.push(
      `${exact.leakedTest} test images (${share(exact.leakedTest, 'test')}) are also training or validation images, pixel by pixel`,
    );
  }
  if (exact.betweenClasses > 0) {
    warnings.push(
      `${exact.betweenClasses} groups of equal images stand in several classes: tasks A and B can share them`,
    );
  }
  if (damaged.length > 0) warnings.push(`${damaged.length} records are damaged: pack again`);
  return warnings;
}
