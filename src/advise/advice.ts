// advice.json: what was found, with everything that the answer rests on.
import type { Arm, Family } from './arms.js';
import type { CheapStage } from './cheap-stage.js';
import type { PreprocessingChoice } from './choose-preprocessing.js';
import type { Extrapolation } from './curve.js';
import type { DataFacts } from './divide.js';

/** A share with its exact 95 % interval. */
export interface Share {
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** The chosen arm less another, on the same test images. */
export interface Difference {
  readonly differencePt: number;
  /** 95 % interval of this one difference. */
  readonly lowPt: number;
  readonly highPt: number;
  /** McNemar's exact p, by Holm's rule for all rivals of the answer. */
  readonly p: number;
}

/** An arm of the answer. */
export interface AdvisedArm extends Share {
  readonly arm: Arm;
  readonly words: string;
  readonly family: Family;
  /** Name of the cut; null from scratch. */
  readonly cut: string | null;
  /** On the images to choose by. */
  readonly selectionAccuracy: number;
  /** Null for the chosen arm itself. */
  readonly chosenLessThis: Difference | null;
  readonly trainSeconds: number;
  readonly parametersTrained: number;
  /** Folder of its study below the advice's, and its name there: for `selffer export`. */
  readonly study: string;
  readonly network: string;
}

/** One of several sources. */
export interface AdvisedSource {
  readonly name: string;
  readonly model: ModelFacts;
  /** Where a probe of its frozen features did best, on training images; null if it was not looked
   *  at. */
  readonly probe: { readonly n: number; readonly name: string; readonly accuracy: number } | null;
  /** Whether its ways were trained; else its last layer alone was fitted. */
  readonly isTrained: boolean;
  /** Its best way that copies from it, by the images to choose by; `chosenLessThis` is that of the
   *  chosen source less this one, p by Holm's rule for all other sources. Null if none was
   *  finished. */
  readonly best: AdvisedArm | null;
}

/** What the answer comes to. */
export type Outcome =
  'nothing can be learned' | 'use the source' | 'the source brings nothing' | 'not known';

/** A pretrained network. */
export interface ModelFacts {
  /** As it was asked for. */
  readonly given: string;
  /** The ONNX file that was read. */
  readonly file: string;
  /** See `modelHash`. */
  readonly sha256: string;
  readonly cuts: number;
  readonly classes: number;
  /** With the new last layer. */
  readonly parameters: number;
}

/** advice.json; its schema is schema/advice.schema.json. */
export interface Advice {
  readonly schema: 'selffer.advice/1';
  readonly outcome: Outcome;
  /** The answer in sentences. */
  readonly answer: readonly string[];
  /** What limits it. */
  readonly remarks: readonly string[];
  readonly model: ModelFacts;
  readonly data: DataFacts & { readonly seed: number };
  readonly preprocessing: PreprocessingChoice;
  readonly cheap: CheapStage;
  /** The chosen one first. */
  readonly arms: readonly AdvisedArm[];
  /** All arms that were trained, on the images to choose by. */
  readonly trained: readonly TrainedArm[];
  readonly curve: readonly (Share & { readonly imagesPerClass: number })[];
  readonly extrapolation: Extrapolation | null;
  /** Epochs of the longest round; null if none was begun. */
  readonly epochs: number | null;
  /** Whether all that was planned was trained. */
  readonly isWhole: boolean;
  /** Where several were asked about, the chosen one first: all else is of that one. */
  readonly sources?: readonly AdvisedSource[];
}

/** An arm that was trained, whether it is of the answer or not. */
export interface TrainedArm {
  readonly arm: Arm;
  readonly family: Family;
  readonly selectionAccuracy: number;
  readonly trainSeconds: number;
}
