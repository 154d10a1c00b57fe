// Results of a study whose targets have sizes of their own: `targetSizes` of results.json.
import type { TreatmentKind } from '../treatments.js';

/** A mean difference at one number of images. */
export interface SizePoint {
  /** Training images kept of each class of the target; null: all. */
  readonly imagesPerClass: number | null;
  /** Mean over the independent values, percentage points. */
  readonly meanPt: number;
  readonly lowPt: number | null;
  readonly highPt: number | null;
  /** Independent values behind it. */
  readonly units: number;
  readonly networks: number;
}

/** What a treatment gains over another against the number of the target's images. Each network is
 *  compared with the base of its own target at its own number of images. */
export interface SizeGain {
  readonly treatment: TreatmentKind;
  readonly against: TreatmentKind;
  /** One n ("3"), or the mean over all n that were trained ("1-7"). */
  readonly layers: string;
  /** Ascending in images, all of them last. */
  readonly points: readonly SizePoint[];
  /** The fewest images at which the interval does not lie above 0: from there on the gain is not
   *  told from none. Null if there is no such number among those that were trained. */
  readonly endsAt: number | 'all' | null;
}

/** The best n of a treatment at each number of images, and whether it moves. */
export interface BestCut {
  readonly treatment: TreatmentKind;
  readonly points: readonly {
    readonly imagesPerClass: number | null;
    readonly n: number;
    readonly meanPt: number;
  }[];
  /** How much more the best n of the fewest images has over the best n of the most, there than
   *  here. The two were chosen by the same numbers, so the interval is one of all pairs of n
   *  (Bonferroni). Null if both are the same n. */
  readonly shift: {
    readonly meanPt: number;
    readonly lowPt: number | null;
    readonly highPt: number | null;
    readonly units: number;
  } | null;
}

/** Targets of one family, or one of its targets where tasks are unlike. */
export interface TargetSizes {
  /** Letter of the target; null: all of them. */
  readonly target: string | null;
  /** Images of each class that bases of the other task have seen; null: all. */
  readonly sourceImagesPerClass: number | null;
  readonly sizes: readonly (number | null)[];
  readonly gains: readonly SizeGain[];
  readonly bestCuts: readonly BestCut[];
}
