// What a worker says while it trains a gang: events, and the measurements in them.
import type { ProfileRow } from '../executors/executor.js';
import type { Peak } from './profile/peak.js';
import type { Seconds } from './profile/stopwatch.js';

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
  /** Networks that cannot be trained: the base that they copy is not done. */
  | {
      readonly event: 'skipped';
      readonly networks: readonly string[];
      readonly message: string;
    }
  /** Once, before `stopped` or `finished`. */
  | ({ readonly event: 'usage' } & GangUsage)
  /** Something was damaged, and how the worker goes on without it. */
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'checkpoint'; readonly iteration: number }
  | { readonly event: 'stopped'; readonly iteration: number }
  | { readonly event: 'finished' }
  | {
      readonly event: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };
