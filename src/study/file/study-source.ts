// The shape of a study file that has passed the schema: every key optional that has a default.
import type { Json } from '../../base/canonical-json.js';
import type { Channels } from '../../data/image-form.js';
import type { RatePolicyName } from '../../train/rate-policies.js';
import type { Seen } from '../pretrained/pretrained-base.js';
import type { TreatmentKind } from '../treatments.js';

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

/** `solver:` as written. Give `epochs` or `iterations`. */
export interface SolverText {
  /** Path of a Caffe solver file; keys beside it win. */
  readonly prototxt?: string;
  /** The learning rate, default 0.01; or a list: every network is trained at each of them. */
  readonly lr?: number | readonly number[];
  /** Default 0.9. */
  readonly momentum?: number;
  /** Default 0.0005. */
  readonly weightDecay?: number;
  /** Images of a minibatch; default 128. */
  readonly batch?: number;
  /** Passes over the target's training images; default 24. */
  readonly epochs?: number;
  /** Minibatches, instead of epochs. */
  readonly iterations?: number;
  /** Fractions of the length at which the rate falls; default [0.6, 0.85]. */
  readonly lrSteps?: readonly number[];
  /** Iterations between falls of the rate, instead of lrSteps. */
  readonly stepSize?: number;
  /** Factor of the rate at each fall; default 0.1. */
  readonly gamma?: number;
  /** Between tests: a number of iterations, or epochs such as "2epochs"; default "1epoch". */
  readonly testEvery?: number | string;
  /** Gradient descent with momentum (default), or Adam with decoupled weight decay. */
  readonly type?: 'sgd' | 'adamw';
  /** Nesterov's momentum; default false. */
  readonly nesterov?: boolean;
  /** Of adamw; default 0.9. */
  readonly beta1?: number;
  /** Of adamw; default 0.999. */
  readonly beta2?: number;
  /** Of adamw; default 1e-8. */
  readonly epsilon?: number;
  /** How the rate goes; default `step`, by lrSteps or stepSize. */
  readonly lrPolicy?: 'fixed' | 'step' | RatePolicyName;
  /** Of inv, and of poly, where its default is 1. */
  readonly power?: number;
  /** The rate at which cosine ends; default 0. */
  readonly lrEnd?: number;
  /** How long the rate grows at first: iterations, or "5epochs"; default not at all. */
  readonly warmup?: number | string;
  /** Share of the wanted probability that is spread over all classes, in training only. */
  readonly labelSmoothing?: number;
  /** Most that the common norm of a network's gradients may be. */
  readonly clipNorm?: number;
  /** Which parameters do not decay. */
  readonly noDecay?: 'norms-and-biases' | 'nothing';
  /** Factor of the rate of copied layers that keep learning; default 1. */
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
  /** An ONNX file with weights, or the prototxt of a caffemodel. */
  readonly network: string;
  /** The caffemodel of a prototxt. */
  readonly weights?: string;
  /** Whether it knows the target: `['target']` if images or classes of it were among what it was
   *  trained on, else `[]`. */
  readonly hasSeen: readonly Seen[];
}

/** Training images of each class as written. */
export type ImagesText = number | 'all';

/** `imagesPerClass:` of a study whose targets have sizes of their own. */
export interface TargetSizesText {
  readonly source?: ImagesText;
  readonly target: readonly ImagesText[];
}

/** `data:` as written: the images, and how they become the network's input. */
export interface DataText {
  /** `glyphs` (built in), a folder of images, archives, a published data set or a store; of several
   *  archives a list. */
  readonly source?: SourceText;
  /** Height = width of stored images. */
  readonly size?: number;
  /** Height = width of the network's input; default the network's own. */
  readonly crop?: number;
  /** Half of the training images are mirrored; default true, for glyphs false. */
  readonly mirror?: boolean;
  /** What is subtracted: the mean image of the task that layers were copied from (default), that of
   *  the target, or numbers (pixel values), one or one for each channel. */
  readonly mean?: 'source' | 'target' | readonly number[];
  /** Factor after the mean, instead of `std`; default the network's own. */
  readonly scale?: number | readonly number[];
  /** Standard deviations to divide by, pixel values 0 to 255; one or one for each channel. */
  readonly std?: readonly number[];
  /** How training windows are cut; default `window`, at random inside the stored image. */
  readonly augment?: AugmentText;
  /** How a store of JPEG records is used; default `auto`: decoded once if that fits. */
  readonly records?: 'auto' | 'decode' | 'stream';
  /** Classes that are taken, as if there were no others; default all. */
  readonly classes?: readonly string[];
  /** 1 makes all images grey, 3 colour; default what they are. */
  readonly channels?: Channels;
  /** Share of each class that is held out for validation, for data without validation images. */
  readonly holdOut?: HoldOutText;
  /** Order of the training images; default `full`, one random permutation of all. */
  readonly shuffle?: ShuffleText;
}

/** A study as written. */
export interface StudyText {
  /** Name of the study, and of its folder unless that is said. */
  readonly name: string;
  readonly data?: DataText;
  /** How the classes become tasks A and B; default `{ split: 'random-halves', seeds: [0] }`. More
   *  seeds are more independent splits: intervals need three or more. */
  readonly tasks?: TasksText | readonly TasksText[];
  /** Further images of the same classes that every network is tested on at its end, by a name. */
  readonly tests?: Readonly<Record<string, Pick<TaskText, 'data'>>>;
  /** Share of each class that is kept aside to choose the learning rate by; default 0.1 where
   *  `solver.lr` is a list. */
  readonly selection?: number;
  /** Name of a preset, or path of a network file. */
  readonly network: string;
  /** How many bases each target has to be compared with (default 1), or bases that are read from
   *  files, by their task. */
  readonly bases?: number | Readonly<Partial<Record<'A' | 'B', BaseText>>>;
  /** Outputs of the last layer; default the classes of the target. */
  readonly outputs?: number | 'classes';
  readonly solver?: SolverText;
  /** Whose means and variances batch norms of frozen layers have; default the source's. */
  readonly frozenStatistics?: 'source' | 'target';
  /** Which networks are trained; default the paper's seven. The bases that they need always are. */
  // Any text, so that a list may be made elsewhere; editors still offer the names.
  readonly treatments?: readonly (TreatmentKind | (string & Record<never, never>))[];
  /** After how many layers it is cut: numbers, names, a range such as `'1..5'`, `'stages'` or
   *  `'all'` (default). `selffer cuts` shows what a network has. */
  readonly layers?: string | number | readonly (string | number)[];
  /** Tasks that networks are trained and tested on; default both. */
  readonly targets?: readonly ('A' | 'B')[];
  /** Training images of each class, the first ones; default all. With `target` the targets have
   *  sizes of their own. */
  readonly imagesPerClass?: ImagesText | readonly ImagesText[] | TargetSizesText;
  /** Independent trainings of everything; default 1. */
  readonly repeats?: number;
  /** Seed of every random number; default 0. */
  readonly seed?: number;
  /** Arithmetic; default fp32. */
  readonly precision?: 'fp32' | 'bf16';
  /** Which accuracy counts: of the last test (default), or the mean of the ten best. */
  readonly statistic?: 'final' | 'top10';
  /** Whose final weights stay on disk; default `bases`. */
  readonly keep?: 'all' | 'bases' | 'none';
  /** What `selffer run --on slurm` asks of a cluster. */
  readonly cluster?: Json;
}
