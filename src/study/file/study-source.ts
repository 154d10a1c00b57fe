// The shape of a study file that has passed the schema: every key optional that has a default.
import type { Json } from '../../base/canonical-json.js';
import type { Channels } from '../../data/image-form.js';
import type { RatePolicyName } from '../../train/rate-policies.js';
import type { Seen } from '../pretrained/pretrained-base.js';

/** A data source as written. */
export type SourceText = string | readonly string[];

/** Subtrees of WordNet as written: one root or several. */
export interface SubtreesText {
  readonly under: string | readonly string[];
  readonly not?: string | readonly string[];
}

/** Classes of a task as written. */
export type ClassesText = SubtreesText | readonly (string | SubtreesText)[];
/** `data.shuffle` as written. */
export type ShuffleText = 'full' | 'blocks' | { readonly block?: number; readonly window?: number };

/** One item of `tasks:` as written. */
export type TasksText =
  | { readonly split: 'random-halves'; readonly seeds?: readonly number[] }
  | { readonly split: 'natural-man-made' | 'whole' }
  | { readonly classes: Readonly<Record<'A' | 'B', ClassesText | 'rest'>> }
  | Readonly<Record<'A' | 'B', TaskText>>;

/** `holdOut:` as written. */
export type HoldOutText = number | { readonly share: number; readonly seed?: number };

/** One of two data sets as written. */
export interface TaskText {
  readonly data:
    | SourceText
    | {
        readonly source?: SourceText;
        readonly size?: number;
        readonly records?: 'auto' | 'decode' | 'stream';
        readonly classes?: readonly string[];
        readonly channels?: Channels;
        readonly holdOut?: HoldOutText;
      };
  readonly classes?: ClassesText;
}

/** `solver:` as written. */
export interface SolverText {
  readonly prototxt?: string;
  readonly lr?: number | readonly number[];
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly batch?: number;
  readonly epochs?: number;
  readonly iterations?: number;
  readonly lrSteps?: readonly number[];
  readonly stepSize?: number;
  readonly gamma?: number;
  readonly testEvery?: number | string;
  readonly type?: 'sgd' | 'adamw';
  readonly nesterov?: boolean;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly lrPolicy?: 'fixed' | 'step' | RatePolicyName;
  readonly power?: number;
  readonly lrEnd?: number;
  readonly warmup?: number | string;
  readonly labelSmoothing?: number;
  readonly clipNorm?: number;
  readonly noDecay?: 'norms-and-biases' | 'nothing';
  readonly copiedRate?: number;
}

/** `data.augment` as written. */
export type AugmentText =
  | 'window'
  | 'resized-crop'
  | { readonly pad: number }
  | { readonly area?: readonly [number, number]; readonly aspect?: readonly [number, number] };

/** One of `bases:` as written. */
export interface BaseText {
  readonly network: string;
  /** The caffemodel of a prototxt. */
  readonly weights?: string;
  readonly hasSeen: readonly Seen[];
}

/** Training images of each class as written. */
export type ImagesText = number | 'all';

/** `imagesPerClass:` of a study whose targets have sizes of their own. */
export interface TargetSizesText {
  readonly source?: ImagesText;
  readonly target: readonly ImagesText[];
}

/** A study as written. */
export interface StudyText {
  readonly name: string;
  readonly data?: {
    readonly source?: SourceText;
    readonly size?: number;
    readonly crop?: number;
    readonly mirror?: boolean;
    readonly mean?: 'source' | 'target' | readonly number[];
    readonly scale?: number | readonly number[];
    readonly std?: readonly number[];
    readonly augment?: AugmentText;
    readonly records?: 'auto' | 'decode' | 'stream';
    readonly classes?: readonly string[];
    readonly channels?: Channels;
    readonly holdOut?: HoldOutText;
    readonly shuffle?: ShuffleText;
  };
  readonly tasks?: TasksText | readonly TasksText[];
  readonly tests?: Readonly<Record<string, Pick<TaskText, 'data'>>>;
  readonly selection?: number;
  readonly network: string;
  readonly bases?: number | Readonly<Partial<Record<'A' | 'B', BaseText>>>;
  readonly outputs?: number | 'classes';
  readonly solver?: SolverText;
  readonly frozenStatistics?: 'source' | 'target';
  readonly treatments?: readonly string[];
  readonly layers?: string | number | readonly (string | number)[];
  readonly targets?: readonly ('A' | 'B')[];
  readonly imagesPerClass?: ImagesText | readonly ImagesText[] | TargetSizesText;
  readonly repeats?: number;
  readonly seed?: number;
  readonly precision?: 'fp32' | 'bf16';
  readonly statistic?: 'final' | 'top10';
  readonly keep?: 'all' | 'bases' | 'none';
  /** See src/study/cluster/settings.ts. */
  readonly cluster?: Json;
}
