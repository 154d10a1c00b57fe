// What trains gangs for a study: local child processes, or jobs of Slurm. Implementations live in
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

/** A gang that failed. */
export type GangFailure = Extract<GangEnd, { outcome: 'failed' }>;

/** A gang at work. */
export interface GangRun {
  /** Settles when the worker is gone; never rejects. */
  readonly end: Promise<GangEnd>;
  /** Asks the worker to finish the iteration, save and end. */
  stop(): void;
  /** Ends the worker at once; what it has not saved is lost. */
  kill(): void;
}

/** A gang to train, and the names of the gangs that must have ended before it starts. Names that
 *  are not of gangs before it in the list are as good as ended. */
export interface SubmittedGang {
  readonly job: GangJob;
  readonly after: readonly string[];
}

/** What a launcher says of one gang. */
export type LaunchEvent = { readonly gang: string } & (
  | WorkerEvent
  /** Its worker is about to be started; `networks` are those that are trained: a network whose base
   *  did not become `done` was `skipped` just before. */
  | { readonly event: 'begun'; readonly networks: readonly string[] }
  /** Its worker is gone. */
  | { readonly event: 'over'; readonly networks: readonly string[]; readonly end: GangEnd }
  /** It is in the queue of a batch system, as `job`. */
  | { readonly event: 'submitted'; readonly networks: readonly string[]; readonly job: string }
);

/** How the work came to its end. */
export interface StudyEnd {
  /** `submitted`: a batch system has what is to be trained; it may take days. */
  readonly outcome: 'finished' | 'stopped' | 'submitted';
  /** The first failure that every other gang would meet too, such as a missing executor: no gang
   *  was started after it. */
  readonly failure: GangFailure | null;
}

/** Gangs at work. */
export interface StudyRun {
  /** What happens, in the order in which it happens; kept until it is read. It ends with the
   *  work. */
  readonly events: AsyncIterable<LaunchEvent>;
  /** Settles when all workers are gone; never rejects. */
  readonly end: Promise<StudyEnd>;
  /** Starts no more gangs, and asks those at work to finish the iteration, save and end. */
  stop(): void;
  /** Starts no more gangs, and ends those at work at once; what they have not saved is lost. */
  kill(): void;
}

/** Trains gangs. */
export interface Launcher {
  /** Trains the gangs, in order as far as there are workers, none before the gangs that it comes
   *  after have ended. Why a network stopped without an end of its own is in its failure.json. */
  submit(gangs: readonly SubmittedGang[]): StudyRun;
}
