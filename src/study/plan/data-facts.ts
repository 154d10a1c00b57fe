// What a plan must know of a data set, without its pixels.
import { PlanError } from '../../base/errors.js';
import { asideOf, type Selection } from '../../data/classes/selection.js';
import type { ImageForm } from '../../data/image-form.js';

/** A decoded data set on disk. */
export interface DataFacts {
  /** What `openStore` (src/data) reads. */
  readonly store: string;
  /** Class names in byte order. */
  readonly classes: readonly string[];
  /** Shape of its images. */
  readonly form: ImageForm;
  readonly manifestHash: string;
  /** See `formerHash` of a store's header. */
  readonly formerHash?: string;
  /** Files that were left out, for messages. */
  readonly leftOut?: readonly string[];
  /** Training and validation images of each class, in the order of `classes`. */
  readonly trainCounts: readonly number[];
  readonly valCounts: readonly number[];
  /** Held-out images of each class and the hash of their content; left out if there are none. No
   *  identity depends on them. */
  readonly test?: { readonly counts: readonly number[]; readonly hash: string };
}

/** Images of a task. */
interface TaskCounts {
  /** Training images, without those that are kept aside. */
  readonly train: number;
  readonly val: number;
  /** Training images that are kept aside. */
  readonly aside: number;
}

/** Training and validation images of a task. @throws PlanError if it has no image of one kind */
export function taskCounts(
  data: DataFacts,
  classes: readonly string[],
  imagesPerClass: number | null,
  selection?: Selection,
): TaskCounts {
  const wanted = new Set(classes);
  let train = 0;
  let val = 0;
  let aside = 0;
  data.classes.forEach((name, index) => {
    if (!wanted.has(name)) return;
    const kept = Math.min(data.trainCounts[index] as number, imagesPerClass ?? Infinity);
    const left = selection === undefined ? 0 : asideOf(kept, selection);
    train += kept - left;
    aside += left;
    val += data.valCounts[index] as number;
  });
  if (train === 0 || val === 0) {
    throw new PlanError(
      `a task of ${classes.length} classes has ${train} training and ${val} validation images, wanted some of both`,
    );
  }
  if (selection !== undefined && aside === 0) {
    throw new PlanError(
      'selection: no class has two training images, wanted one to learn from and one to choose the learning rate by',
      { hint: 'Keep more images of each class, or give one learning rate and no selection.' },
    );
  }
  return { train, val, aside };
}
