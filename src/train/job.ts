// What a worker is asked to train: one gang (same split, target and phase, so the same
// minibatches). Data only: it travels as JSON.
import type { Json } from '../base/canonical-json.js';
import type { BlockShuffle } from '../data/minibatch/block-order.js';
import type { Network } from '../net/network.js';
import type { Precision, ProfileRow } from '../executors/executor.js';
import type { Peak } from './profile/peak.js';
import type { Seconds } from './profile/stopwatch.js';

/** Where a task's images come from: a decoded store on disk and the classes that make the task. */
export interface TaskSpec {
  /** Path of the store file that `openStore` (src/data) reads, or `glyphs`. */
  readonly store: string;
  readonly classes: readonly string[];
  /** Images kept a class (the first k in order); null = all. */
  readonly imagesPerClass: number | null;
}

/** Learning schedule in iterations. lr(t) = learningRate * gamma^(number of steps <= t). */
export interface Schedule {
  readonly batch: number;
  readonly iterations: number;
  readonly learningRate: number;
  readonly gamma: number;
  /** Iterations at which the rate is multiplied by gamma, ascending. */
  readonly steps: readonly number[];
  readonly momentum: number;
  readonly weightDecay: number;
  /** A test after every so many iterations, and always after the last. */
  readonly testEvery: number;
}

/** One network of a gang. */
export interface NetworkJob {
  /** Full name, e.g. "split0/A3B+" (with repeats: "split0-r1/A3B+"). */
  readonly name: string;
  /** Its folder, relative to the study's, e.g. "runs/split0/A3B+". */
  readonly directory: string;
  /** SHA-256 run identity (DESIGN.md section 5). */
  readonly identity: string;
  /** Weight layers 1..copied are special: copied from `source`, or random if source is null. */
  readonly copied: number;
  /** Weight layers 1..frozen, at most `copied`, stay as they are. */
  readonly frozen: number;
  /** Folder (relative) of the base whose final weights are copied; null for base and random. */
  readonly source: string | null;
  /** Identity of the source run: names the shared frozen slots. Null without source. */
  readonly sourceIdentity: string | null;
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

/** Images of a target task, cut to windows; each network subtracts one of the mean images. */
export interface ImagesInput {
  readonly kind: 'images';
  readonly target: TaskSpec;
  /** Mean image by key: the mean of that task's training images. */
  readonly means: Readonly<Record<string, TaskSpec>>;
  readonly mirror: boolean;
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
  readonly executor: 'onednn' | 'reference';
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

/** Time and arithmetic of all runs of one of a gang's programs. */
export interface ProgramProfile {
  /** Their `flops` are of the algorithms that were run. */
  readonly rows: readonly ProfileRow[];
  /** With every convolution counted as direct: `programFlops`. */
  readonly flops: number;
}

/** What `run --profile` measures of a gang. */
export interface GangProfile {
  readonly train: ProgramProfile;
  readonly test: ProgramProfile;
  /** Null if the executor tells no times. */
  readonly peak: Peak | null;
}

/** Time and memory of a worker since the first iteration of this session. */
export interface GangUsage {
  readonly seconds: Seconds;
  /** Loader threads at work at the end. */
  readonly loaders: number;
  /** Largest resident memory of the worker so far, libraries and images included. */
  readonly peakResidentBytes: number;
  readonly arenaBytes: number;
  readonly stateBytes: number;
  /** Largest sum of the bytes of values alive at once: no arena could be smaller. */
  readonly peakLiveBytes?: number;
  readonly profile?: GangProfile;
}

/** One line a worker prints (JSON) while it works. */
export type WorkerEvent =
  | {
      readonly event: 'ready';
      readonly executor: { name: string; version: string; instructionSet: string; threads: number };
      readonly arenaBytes: number;
      readonly stateBytes: number;
    }
  | {
      /** After each iteration of the gang. */
      readonly event: 'step';
      readonly iteration: number;
      readonly iterations: number;
      /** Training images through the gang's networks (batch x active networks). */
      readonly images: number;
      readonly seconds: number;
    }
  | {
      readonly event: 'test';
      readonly network: string;
      readonly iteration: number;
      readonly accuracy: number;
      readonly loss: number;
    }
  | {
      /** A network has ended; its run.json is written. */
      readonly event: 'ended';
      readonly network: string;
      readonly state: 'done' | 'dead' | 'failed';
      readonly accuracy: number | null;
      readonly message?: string;
    }
  /** Once, before `stopped` or `finished`. */
  | ({ readonly event: 'usage' } & GangUsage)
  | { readonly event: 'checkpoint'; readonly iteration: number }
  | { readonly event: 'stopped'; readonly iteration: number }
  | { readonly event: 'finished' }
  | {
      readonly event: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };

/** One line of a network's metrics.jsonl. Losses are means over the images since the last line
 *  (train) or all validation images (test). */
export interface MetricsLine {
  readonly iteration: number;
  readonly epoch: number;
  /** Null if an imported log does not say it. */
  readonly learningRate: number | null;
  readonly trainLoss: number | null;
  /** Null if it overflowed. */
  readonly testLoss: number | null;
  readonly testAccuracy: number;
}

/** A network's run.json, written when it ends. No times in it that results.json could pick up. */
export interface RunRecord {
  readonly schema: 'selffer.run/1';
  readonly name: string;
  readonly identity: string;
  readonly state: 'done' | 'dead' | 'failed';
  readonly iterations: number;
  /** Last test. */
  readonly finalAccuracy: number | null;
  readonly finalTestLoss: number | null;
  /** Mean of the 10 best tests. */
  readonly top10Accuracy: number | null;
  readonly valImages: number;
  readonly classes: number;
  /** SHA-256 of every frozen tensor (plain layout) before and after training. */
  readonly frozenAudit: readonly {
    tensor: string;
    before: string;
    after: string;
    equal: boolean;
  }[];
  /** Null for imported runs, which others trained. */
  readonly executor: {
    name: string;
    version: string;
    instructionSet: string;
    threads: number;
    host: string;
  } | null;
  readonly trainSeconds: number;
  /** Loader threads, and the share of the last session's time spent waiting for minibatches. */
  readonly loading?: { loaders: number; waitShare: number };
  readonly message?: string;
}
