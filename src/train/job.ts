// What a worker is asked to train: one gang (same split, target and phase, so the same
// minibatches). Data only: it travels as JSON.
import type { Json } from '../base/canonical-json.js';
import type { Selection } from '../data/classes/selection.js';
import type { Augmentation } from '../data/minibatch/augment.js';
import type { BlockShuffle } from '../data/minibatch/block-order.js';
import type { Network } from '../net/network.js';
import type { Solver } from '../program/solvers/table.js';
import type { Precision } from '../executors/executor.js';
import type { ExecutorName } from '../executors/names.js';
import type { RatePolicy } from './rate-policies.js';

/** Where a task's images come from: a decoded store on disk and the classes that make the task. */
export interface TaskSpec {
  /** Path of the store file that `openStore` (src/data) reads, or `glyphs`. */
  readonly store: string;
  readonly classes: readonly string[];
  /** Images kept a class (the first k in order); null = all. */
  readonly imagesPerClass: number | null;
  /** What of them is kept aside: no network learns from it; left out: nothing. */
  readonly selection?: Selection;
}

/** Learning schedule in iterations. lr(t) = learningRate * gamma^(number of steps <= t), unless
 *  there is a policy; see {@link learningRateAt}. */
export interface Schedule {
  readonly batch: number;
  readonly iterations: number;
  readonly learningRate: number;
  readonly gamma: number;
  /** Iterations at which the rate is multiplied by gamma, ascending. */
  readonly steps: readonly number[];
  readonly solver: Solver;
  /** How the rate goes instead; left out: by steps. */
  readonly policy?: RatePolicy;
  /** Iterations in which the rate grows to what it would be; left out: none. */
  readonly warmup?: number;
  /** Of the training loss, see the op `softmax_cross_entropy`; left out: none. */
  readonly labelSmoothing?: number;
  /** Gradients of a network are scaled so that their common norm is at most this; left out: they
   *  are taken as they are. */
  readonly clipNorm?: number;
  /** What no decay holds for, whatever multipliers say: all but weights of convolutions and inner
   *  products; left out: nothing. */
  readonly noDecay?: 'norms-and-biases';
  /** A test after every so many iterations, and always after the last. */
  readonly testEvery: number;
}

/** One network of a gang. */
export interface NetworkJob {
  /** Full name, e.g. "split0/A3B+" (with repeats: "split0-r1/A3B+"). */
  readonly name: string;
  /** Its folder, relative to the study's, e.g. "runs/split0/A3B+". */
  readonly directory: string;
  /** SHA-256 run identity, see docs/decisions/identities.md. */
  readonly identity: string;
  /** Names of the layers that are special: copied from `source`, or random if source is null. */
  readonly copied: readonly string[];
  /** Names of those of them that stay as they are. */
  readonly frozen: readonly string[];
  /** Folder (relative) of the network whose final weights are copied, a base as a rule; null for
   *  base and random. */
  readonly source: string | null;
  /** Identity of the source run: names the shared frozen slots. Null without source. */
  readonly sourceIdentity: string | null;
  /** `moments`: learned tensors of `copied` are drawn with the mean and the standard deviation of
   *  the source's, statistics start fresh; left out: all are copied. */
  readonly takes?: 'moments';
  /** Factor of the learning rate of layers that were copied from `source` and learn; left out:
   *  1. */
  readonly copiedRate?: number;
  /** Its own learning rate in place of the schedule's; left out: the schedule's. */
  readonly learningRate?: number;
  /** `target`: statistics of frozen layers (running means and variances) are re-estimated on the
   *  target's minibatches; left out: they stay as they are. */
  readonly frozenStatistics?: 'target';
  /** Which of {@link ImagesInput.means} is subtracted. */
  readonly mean: string;
  /** Stream name of fresh weights of layers > copied, of dropout, and (random) of layers 1..copied,
   *  which nest across n. */
  readonly initStream: readonly Json[];
  readonly frozenInitStream: readonly Json[];
  readonly dropoutStream: readonly Json[];
  /** Keep the final weights on disk when done. */
  readonly keepWeights: boolean;
}

/** A further set of images of the target's classes that networks are tested on at their end. */
export interface FurtherTest {
  readonly task: TaskSpec;
  /** Which of its parts; `selection`: the training images that the task keeps aside. */
  readonly part: 'train' | 'val' | 'selection';
  /** See `ImageSet.manifestHash`. */
  readonly data: string;
  readonly images: number;
}

/** Images of a target task, cut to windows; each network subtracts one of the mean images. */
export interface ImagesInput {
  readonly kind: 'images';
  readonly target: TaskSpec;
  /** Mean image by key: the mean of that task's training images. */
  readonly means: Readonly<Record<string, TaskSpec>>;
  /** Where stores lie for this worker, by the path that a task gives; left out: where the tasks
   *  say. For stores that are copied to the machine first. */
  readonly stores?: Readonly<Record<string, string>>;
  /** Further tests by name; left out: none. */
  readonly tests?: Readonly<Record<string, FurtherTest>>;
  readonly mirror: boolean;
  /** How training windows are cut instead of at random inside the stored image. With one, a mean
   *  image is taken as its means of each channel. */
  readonly augment?: Augmentation;
  /** Order of the training images by blocks of neighbours; left out: one permutation of all. */
  readonly shuffle?: BlockShuffle;
  readonly orderStream: readonly Json[];
  readonly augmentStream: readonly Json[];
}

/** What the networks of a gang learn from. A further kind is a further member: the compiler then
 *  lists every place that supposes images. */
export type GangInput = ImagesInput;

/** All that a worker needs to train a gang; the result depends on nothing else. */
export interface GangJob {
  readonly name: string;
  /** The study's folder, absolute. */
  readonly studyDirectory: string;
  readonly network: Network;
  readonly input: GangInput;
  readonly schedule: Schedule;
  readonly networks: readonly NetworkJob[];
  readonly executor: ExecutorName;
  readonly precision: Precision;
  readonly exact: boolean;
  readonly threads: number;
  readonly checkpointEverySeconds: number;
  /** Threads that load minibatches ahead; 0 or left out: the engine's thread makes each when it
   *  needs it. Changes no number. */
  readonly loaders?: number;
  /** Whether time by op kind and the share of the peak are measured; makes steps a little
   *  slower. */
  readonly profile?: boolean;
}

/** Where the store of a task lies for the worker that learns from `input`. */
export function storePath(input: Pick<ImagesInput, 'stores'>, { store }: TaskSpec): string {
  return input.stores?.[store] ?? store;
}
