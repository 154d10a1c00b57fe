// What networks reach on further test sets: `tests` of results.json.
import type { TreatmentKind } from '../treatments.js';

/** Networks of one treatment and n on their own validation images and on those of a further set. */
export interface TestSetRow {
  readonly treatment: TreatmentKind;
  readonly n: number;
  /** Mean accuracies of the last test and of the further one. */
  readonly ownAccuracy: number;
  readonly accuracy: number;
  /** On the further set, over the base of the same (split, target) there. */
  readonly overBasePt: number | null;
  readonly overBaseLowPt: number | null;
  readonly overBaseHighPt: number | null;
  readonly networks: number;
}

/** Frozen minus tuned copies, on both sets, and by how much that changes between them: positive =
 *  frozen features stand the change of images better. */
export interface RobustnessRow {
  readonly treatment: TreatmentKind;
  readonly against: TreatmentKind;
  readonly n: number;
  readonly ownPt: number;
  readonly furtherPt: number;
  readonly changePt: number;
  readonly changeLowPt: number | null;
  readonly changeHighPt: number | null;
  readonly units: number;
}

/** One further set for one family, or for one of its targets where tasks are unlike. */
export interface TestSetResults {
  readonly test: string;
  /** Letter of the target; null: all of them. */
  readonly target: string | null;
  readonly rows: readonly TestSetRow[];
  readonly robustness: readonly RobustnessRow[];
}
