// What runs gangs for a study: a local child process, later Slurm jobs. Implementations live in
// src/launch.
import type { WorkerEvent } from '../../train/events.js';
import type { GangJob } from '../../train/job.js';

/** How a gang came to its end. */
export type GangEnd =
  | { readonly outcome: 'finished' }
  /** Asked to stop: everything is saved. */
  | { readonly outcome: 'stopped' }
  /** The worker failed or died; networks that have not ended can be resumed. */
  | {
      readonly outcome: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };

/** A gang at work. */
export interface GangRun {
  /** Settles when the worker is gone; never rejects. */
  readonly end: Promise<GangEnd>;
  /** Asks the worker to finish the iteration, save and end. */
  stop(): void;
  /** Ends the worker at once; what it has not saved is lost. */
  kill(): void;
}

/** Starts workers. */
export interface Launcher {
  /** Starts the worker of a gang; `onEvent` hears what it says, in order, before `end` settles. */
  launch(job: GangJob, onEvent: (event: WorkerEvent) => void): GangRun;
}
