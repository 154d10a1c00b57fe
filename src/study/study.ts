// A study after its file was read, merged, checked and completed with defaults: every choice is
// explicit.
import type { Selection } from '../data/classes/selection.js';
import type { HoldOut } from '../data/hold-out/held-out.js';
import type { Channels } from '../data/image-form.js';
import type { Augmentation } from '../data/minibatch/augment.js';
import type { BlockShuffle } from '../data/minibatch/block-order.js';
import type { RecordsUse } from '../data/prepare/store.js';
import type { ClassChoice, ClassItems } from '../data/classes/select-classes.js';
import type { Network } from '../net/network.js';
import type { Precision } from '../executors/executor.js';
import type { RatePolicy } from '../train/rate-policies.js';
import type { PretrainedBase } from './pretrained/pretrained-base.js';
import type { TaskName } from './tasks.js';
import type { TreatmentKind } from './treatments.js';

/** A data set as a task uses it. */
export interface DataChoice {
  /** `glyphs`, or absolute paths and globs of folders and tar shards. */
  readonly source: readonly string[];
  /** Height = width of stored images. */
  readonly size: number;
  /** How a store of JPEG records is used; left out: auto. Changes no number. */
  readonly records?: RecordsUse;
  /** Classes that are taken, as if there were no others; left out: all. */
  readonly classes?: readonly string[];
  /** Channels that images are brought to; left out: their own. */
  readonly channels?: Channels;
  /** Training images held out for validation; left out: none. */
  readonly holdOut?: HoldOut;
}

/** How the classes are made into tasks. Random halves have one split a seed. */
export type TaskChoice =
  | { readonly kind: 'random-halves'; readonly data: DataChoice; readonly seeds: readonly number[] }
  | { readonly kind: 'natural-man-made'; readonly data: DataChoice }
  | { readonly kind: 'whole'; readonly data: DataChoice }
  | {
      readonly kind: 'classes';
      readonly data: DataChoice;
      readonly classes: Readonly<Record<'A' | 'B', ClassChoice>>;
    }
  | {
      readonly kind: 'two-sets';
      readonly sets: Readonly<
        Record<'A' | 'B', { readonly data: DataChoice; readonly classes: ClassItems | null }>
      >;
    };

/** A length as written. */
export type Length = { readonly epochs: number } | { readonly iterations: number };

/** Solver settings as written: lengths in epochs or iterations, whichever the file has. What may be
 *  left out is then as it always was. */
export interface SolverChoice {
  /** The first rate, at which the bases that others copy are trained. */
  readonly lr: number;
  /** All rates that every network is trained at, `lr` the first of them; left out: `lr` alone. */
  readonly rates?: readonly number[];
  readonly momentum: number;
  readonly weightDecay: number;
  readonly batch: number;
  readonly length: Length;
  readonly steps: { readonly fractions: readonly number[] } | { readonly every: number };
  readonly gamma: number;
  readonly testEvery: Length;
  readonly nesterov?: true;
  /** AdamW instead of gradient descent with momentum. */
  readonly adamw?: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  /** How the rate goes instead of by `steps`, which are then none. */
  readonly policy?: RatePolicy;
  readonly warmup?: Length;
  readonly labelSmoothing?: number;
  readonly clipNorm?: number;
  readonly noDecay?: 'norms-and-biases';
  /** Factor of the rate of copied layers that learn. */
  readonly copiedRate?: number;
}

/** Bases that are read from files, by their task. */
export type PretrainedBases = Readonly<Partial<Record<'A' | 'B', PretrainedBase>>>;

/** A complete study. */
export interface Study {
  readonly name: string;
  /** One pair of tasks (or the whole set) or several, each kind at most once. */
  readonly tasks: readonly TaskChoice[];
  /** Further sets that networks are tested on after their last iteration, by name; left out:
   *  none. They change no training. */
  readonly tests?: Readonly<Record<string, DataChoice>>;
  /** Training images that are kept aside to choose the rate by; left out: none. */
  readonly selection?: Selection;
  readonly mirror: boolean;
  readonly mean: 'source' | 'target';
  /** How training windows are cut; left out: at random, inside the stored image. */
  readonly augment?: Augmentation;
  /** Standard deviations that inputs are divided by, as the study says; left out: the network's
   *  scale. */
  readonly std?: readonly number[];
  /** Order of the training images by blocks of neighbours in the store; left out: one permutation
   *  of all. */
  readonly shuffle?: BlockShuffle;
  /** The network after `outputs:` was applied. */
  readonly network: Network;
  /** The file it was read from, absolute; left out for presets. */
  readonly networkFile?: string;
  /** Left out: all are trained. */
  readonly bases?: PretrainedBases;
  /** Bases that are trained for each target to be compared with; copies are taken from the first.
   *  Left out: 1. */
  readonly basesPerTarget?: number;
  readonly solver: SolverChoice;
  /** Batch norms in frozen segments re-estimate their means and variances on the target; left out:
   *  they keep the source's. */
  readonly frozenStatistics?: 'target';
  /** In the table's order. */
  readonly treatments: readonly TreatmentKind[];
  /** Values of n, ascending, each in 1..L-1. */
  readonly layers: readonly number[];
  readonly targets: readonly TaskName[];
  /** Training images kept of each class; null: all. More than one value only if the whole set is
   *  the one task. */
  readonly imagesPerClass: readonly (number | null)[];
  /** Training images kept of each class of a target, ascending: its networks are trained at each
   *  of them, and what they copy from another task has seen the one number of `imagesPerClass`.
   *  Left out: targets have that number too. */
  readonly targetImagesPerClass?: readonly (number | null)[];
  readonly repeats: number;
  readonly seed: number;
  readonly precision: Precision;
  readonly statistic: 'final' | 'top10';
  readonly keep: 'all' | 'bases' | 'none';
}

/** The distinct data sets a study reads, in order of first use. */
export function dataChoices(study: Pick<Study, 'tasks' | 'tests'>): readonly DataChoice[] {
  const all = study.tasks.flatMap((tasks) =>
    tasks.kind === 'two-sets' ? [tasks.sets.A.data, tasks.sets.B.data] : [tasks.data],
  );
  const choices = [...all, ...Object.values(study.tests ?? {})];
  return [...new Map(choices.map((choice) => [dataKey(choice), choice])).values()];
}

/** Which classes of which data set the tasks take; null: all. */
export function classChoices(
  tasks: TaskChoice,
): readonly { readonly data: DataChoice; readonly classes: ClassChoice | null }[] {
  if (tasks.kind === 'two-sets') return [tasks.sets.A, tasks.sets.B];
  const { data } = tasks;
  if (tasks.kind !== 'classes') return [{ data, classes: null }];
  return [tasks.classes.A, tasks.classes.B].map((classes) => ({ data, classes }));
}

/** Text that is equal for equal choices. */
export function dataKey(choice: DataChoice): string {
  const { source, size, records = 'auto', classes, channels, holdOut } = choice;
  return JSON.stringify([source, size, records, classes, channels, holdOut?.share, holdOut?.seed]);
}
