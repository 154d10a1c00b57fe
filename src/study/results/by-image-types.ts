// What rests on single test images: `byImage` of results.json.
import type { TreatmentKind } from '../treatments.js';

/** A matched difference with intervals that speak of more than these test images. All of the last
 *  test, whatever the study's statistic is. */
export interface ByImagePoint {
  readonly n: number;
  /** As in `matched`: mean over networks of 100 (accuracy - mean base of the (split, target)). */
  readonly meanPt: number;
  /** Other classes and images, for these very networks: t interval of the jackknife over classes;
   *  null below 3 classes. */
  readonly lowPt: number | null;
  readonly highPt: number | null;
  /** Other classes and images, and networks that are trained anew: see `buildByImage`; null where
   *  there are fewer than 3 units too. */
  readonly beyondLowPt: number | null;
  readonly beyondHighPt: number | null;
  readonly classes: number;
  readonly networks: number;
}

/** A network against a base of its own target and repeat, or a base of reduced data against that
 *  of a step more images, on the same images, percentage points: see `pairedDifference`. */
export interface ImagePair {
  readonly network: string;
  readonly against: string;
  readonly images: number;
  readonly differencePt: number;
  readonly standardErrorPt: number;
  readonly lowPt: number;
  readonly highPt: number;
  /** McNemar's exact p; not corrected for the number of pairs. */
  readonly p: number;
}

/** Networks of one family, or of one target of it where tasks are unlike. */
export interface ByImage {
  /** Letter of the target; null: all of them. */
  readonly target: string | null;
  readonly matched: Readonly<Partial<Record<TreatmentKind, readonly ByImagePoint[]>>>;
  readonly pairs: readonly ImagePair[];
}
