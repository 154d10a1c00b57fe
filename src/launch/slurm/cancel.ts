// Takes a study's jobs out of the queue: those that wait at once, those at work once they have
// saved.
import { SchedulerError } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { userInfo } from 'node:os';
import type { InFlight } from './in-flight.js';
import type { QueuedJob } from './queue.js';
import type { Scheduler } from './scheduler.js';
import { submissionFiles } from './submission.js';

/** What became of the jobs. */
export interface Cancelled {
  /** Taken out of the queue. */
  readonly waiting: readonly QueuedJob[];
  /** Asked to save and end. */
  readonly running: readonly QueuedJob[];
  /** What Slurm refused, in its words, such as the jobs of another user. */
  readonly refusals: readonly string[];
}

/** Jobs that stand on one command line. */
const JOBS_A_CALL = 500;

/** Cancels all jobs of a study. Tasks at work are sent SIGTERM: they save and do not queue
 *  themselves again. */
export async function cancelJobs(
  directory: string,
  { jobs }: InFlight,
  scheduler: Scheduler,
): Promise<Cancelled> {
  const by = `cancelled by ${userInfo().username} at ${new Date().toISOString()}\n`;
  for (const tag of new Set(jobs.map(({ comment }) => comment.tag))) {
    writeFileAtomic(submissionFiles(directory, tag).cancelled, by);
  }
  const waiting = jobs.filter(({ standing }) => standing === 'queued');
  const running = jobs.filter(({ standing }) => standing === 'running');
  const refusals: string[] = [];
  const call = async (options: readonly string[], ids: readonly string[]): Promise<void> => {
    for (let at = 0; at < ids.length; at += JOBS_A_CALL) {
      try {
        await scheduler.ask('scancel', [...options, ...ids.slice(at, at + JOBS_A_CALL)]);
      } catch (error) {
        if (!(error instanceof SchedulerError)) throw error;
        refusals.push(error.message);
      }
    }
  };
  // Whole arrays, of which only what still waits is cancelled: what has started meanwhile is at
  // work, and finds that it was cancelled.
  const arrays = new Set(waiting.map(({ job }) => job));
  await call(['--state=PENDING'], [...arrays]);
  // Slurm's own cancelling would leave a task KillWait seconds, which may be too few to save.
  await call(
    ['--signal=TERM', '--batch'],
    running.map(({ id }) => id),
  );
  return { waiting, running, refusals };
}
