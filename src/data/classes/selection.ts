// Training images that are kept aside: networks are chosen by them (which learning rate), so no
// network may learn from them, and what is reported is measured on others.
import { permutation, streamKey } from '../../base/random-stream.js';
import { heldOf } from '../hold-out/held-out.js';

/** What share of each class's training images is kept aside, and by which draw. */
export interface Selection {
  /** 0..1, without both. */
  readonly share: number;
  readonly seed: number;
}

/** How many of a class's `count` training images are kept aside: the share, rounded, at least one
 *  and never all. */
export function asideOf(count: number, { share }: Selection): number {
  return heldOf(count, share);
}

/** The images that are kept aside. The draw is of (seed, class) alone: whatever tasks a class is
 *  part of, and in every split and repeat, the same of its images are kept aside.
 *  @param records training images of a task, ascending
 *  @param labels label by record
 *  @param classes names by label
 *  @returns some of `records`, ascending */
export function drawAside(
  records: Int32Array,
  labels: Int32Array,
  classes: readonly string[],
  selection: Selection,
): Int32Array {
  const ofClass = classes.map((): number[] => []);
  for (const record of records) ofClass[labels[record] as number]?.push(record);
  const aside = ofClass.flatMap((own, label) => {
    const key = streamKey(['selection', selection.seed, classes[label] as string]);
    const drawn = permutation(own.length, key).subarray(0, asideOf(own.length, selection));
    return [...drawn].map((at) => own[at] as number);
  });
  return Int32Array.from(aside).sort();
}
