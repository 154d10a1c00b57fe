// Results of a study whose networks are trained at several learning rates: `rates` of results.json.
import type { TreatmentKind } from '../treatments.js';

/** Networks of one treatment and n at one learning rate. */
export interface RatePoint {
  readonly lr: number;
  /** Mean of the study's statistic over those that count in means; null if there are none. */
  readonly accuracy: number | null;
  /** Mean accuracy on the images that rates are chosen by, over those that were tested on them. */
  readonly selectionAccuracy: number | null;
  readonly networks: number;
  /** Of these: never left chance, and ended with an error, such as a loss that is not finite. */
  readonly dead: number;
  readonly failed: number;
  /** Of these: those that no other rate did better than on the selection images. */
  readonly chosen: number;
}

/** One treatment and n at all rates. */
export interface RateRow {
  readonly treatment: TreatmentKind;
  readonly n: number;
  /** In the order of the study's list. */
  readonly points: readonly RatePoint[];
}

/** The distance to the base at the chosen rates, of networks and bases alike, against the same at
 *  the first rate of the list: what one rate for all networks would have made of the answer. */
export interface RateChange {
  readonly treatment: TreatmentKind;
  /** One n ("3") or the mean over all that were trained ("1-5", "1,3,5"). */
  readonly layers: string;
  readonly chosenPt: number;
  readonly firstPt: number;
  /** Chosen minus first, within units. */
  readonly changePt: number;
  readonly changeLowPt: number | null;
  readonly changeHighPt: number | null;
  readonly units: number;
}

/** How much better than those of the first rate, which are copied, bases of another rate do on the
 *  selection images. */
export interface BaseRate {
  readonly lr: number;
  readonly overFirstPt: number;
  readonly overFirstLowPt: number | null;
  readonly overFirstHighPt: number | null;
  readonly units: number;
}

/** Networks of one family, or of one target or one number of images of it. */
export interface RateTable {
  /** Letter of the target where tasks are unlike; null: all of them. */
  readonly target: string | null;
  /** Only where the family has targets of several sizes: training images of each class. */
  readonly imagesPerClass?: number | null;
  readonly rows: readonly RateRow[];
  readonly changes: readonly RateChange[];
  readonly bases: readonly BaseRate[];
}
