// What the launcher of Slurm is given.
import type { ClusterSettings } from '../../study/cluster/settings.js';
import type { Attempts } from './attempts.js';
import type { InFlight } from './in-flight.js';
import type { ScriptSetting } from './sbatch.js';
import type { Scheduler } from './scheduler.js';

/** How gangs are submitted. The caller holds the study's lock. */
export interface SlurmOptions {
  readonly study: string;
  /** The study's folder: shared by all nodes. */
  readonly directory: string;
  readonly settings: ClusterSettings;
  readonly setting: ScriptSetting;
  readonly scheduler: Scheduler;
  /** What is in the queue already: see `inFlight`. */
  readonly inFlight: InFlight;
  /** See {@link Submission.passingWeights}. */
  readonly passingWeights: readonly string[];
  /** Of what was submitted before; left out: nothing was. */
  readonly before?: Before;
  /** Hears of a limit where not all tasks are submitted: if any is, the last job submits the
   *  others. */
  readonly onLimit?: (met: MetLimit) => void;
  /** Hears after each array how many of all tasks are submitted. */
  readonly onProgress?: (tasks: number, all: number) => void;
}

/** A limit of submitted jobs that was met. */
export interface MetLimit {
  /** In Slurm's word. */
  readonly limit: string;
  /** Tasks that are submitted, and all that were to be. */
  readonly tasks: number;
  readonly all: number;
}

/** What is known of gangs that were submitted before. */
interface Before {
  /** By gang: what attempts are counted on from. */
  readonly attempts: ReadonlyMap<string, Attempts>;
  /** Before these seconds have passed nothing is started. */
  readonly pauseSeconds: number;
}
