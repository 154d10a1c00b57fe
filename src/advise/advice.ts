// advice.json: what was found, with everything that the answer rests on.
import {
  type Check,
  count,
  flag,
  listOf,
  number,
  objectOf,
  oneOf,
  orNull,
  text,
} from '../base/checks.js';
import { type Arm, armCheck, type Family, families } from './arms.js';
import { type CheapStage, cheapCheck } from './cheap-stage.js';
import { type PreprocessingChoice, preprocessingChoiceCheck } from './choose-preprocessing.js';
import { type Extrapolation, extrapolationCheck } from './curve.js';

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

/** What the answer comes to. */
export type Outcome =
  'nothing can be learned' | 'use the source' | 'the source brings nothing' | 'not known';

/** advice.json. */
export interface Advice {
  readonly schema: 'selffer.advice/1';
  readonly outcome: Outcome;
  /** The answer in sentences. */
  readonly answer: readonly string[];
  /** What limits it. */
  readonly remarks: readonly string[];
  readonly model: {
    readonly file: string;
    readonly sha256: string;
    readonly cuts: number;
    readonly classes: number;
    readonly parameters: number;
  };
  readonly data: {
    readonly classes: readonly string[];
    readonly train: number;
    readonly selection: number;
    readonly test: number;
    /** Share of the most frequent class of the test images. */
    readonly guessing: number;
    /** Images that stay in one part with another that they look like. */
    readonly together: number;
    readonly seed: number;
  };
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
}

/** An arm that was trained, whether it is of the answer or not. */
export interface TrainedArm {
  readonly arm: Arm;
  readonly family: Family;
  readonly selectionAccuracy: number;
  readonly trainSeconds: number;
}

const share = { accuracy: number, low: number, high: number };
const family = oneOf<Family>(...families);

/** Check of one that is read back. */
export const adviceCheck: Check<Advice> = objectOf<Advice>({
  schema: oneOf('selffer.advice/1'),
  outcome: oneOf<Outcome>(
    'nothing can be learned',
    'use the source',
    'the source brings nothing',
    'not known',
  ),
  answer: listOf(text),
  remarks: listOf(text),
  model: objectOf<Advice['model']>({
    file: text,
    sha256: text,
    cuts: count,
    classes: count,
    parameters: count,
  }),
  data: objectOf<Advice['data']>({
    classes: listOf(text),
    train: count,
    selection: count,
    test: count,
    guessing: number,
    together: count,
    seed: count,
  }),
  preprocessing: preprocessingChoiceCheck,
  cheap: cheapCheck,
  arms: listOf(
    objectOf<AdvisedArm>({
      ...share,
      arm: armCheck,
      words: text,
      family,
      cut: orNull(text),
      selectionAccuracy: number,
      chosenLessThis: orNull(
        objectOf<Difference>({ differencePt: number, lowPt: number, highPt: number, p: number }),
      ),
      trainSeconds: number,
      parametersTrained: count,
      study: text,
      network: text,
    }),
  ),
  trained: listOf(
    objectOf<TrainedArm>({
      arm: armCheck,
      family,
      selectionAccuracy: number,
      trainSeconds: number,
    }),
  ),
  curve: listOf(objectOf<Advice['curve'][number]>({ ...share, imagesPerClass: count })),
  extrapolation: extrapolationCheck,
  epochs: orNull(count),
  isWhole: flag,
});
