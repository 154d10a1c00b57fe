// A task that sends itself back into the queue, and what it can know of its own job.
import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerError } from '../../base/errors.js';
import type { Scheduler } from './scheduler.js';

const UPDATE_TRIES = 5;
const UPDATE_PAUSE_MS = 300;

/** Sends the job `id` back into the queue, to start in so many seconds at the earliest. Slurm ends
 *  the running job with SIGTERM soon after.
 *  @throws SchedulerError if it is refused */
export async function requeue(
  id: string,
  pauseSeconds: number,
  scheduler: Scheduler,
): Promise<void> {
  await scheduler.ask('scontrol', ['requeue', id]);
  // Of its own, Slurm waits two minutes. Whether this is heard while the job ends depends on the
  // moment; nothing is lost if it is not.
  for (let tries = 0; tries < UPDATE_TRIES; tries++) {
    try {
      await scheduler.ask('scontrol', ['update', `JobId=${id}`, `StartTime=now+${pauseSeconds}`]);
      return;
    } catch (error) {
      if (!(error instanceof SchedulerError)) throw error;
      await sleep(UPDATE_PAUSE_MS);
    }
  }
}

/** Slurm's word for where a job is: one that is cancelled, or that Slurm itself sends back into the
 *  queue, runs no more. Null where nobody answers. */
export async function ownState(id: string, scheduler: Scheduler): Promise<string | null> {
  try {
    const args = [`--jobs=${id}`, '--array', '--noheader', '--states=all', '--format=%T'];
    const said = await scheduler.ask('squeue', args);
    return said.trim() || null;
  } catch (error) {
    if (error instanceof SchedulerError) return null;
    throw error;
  }
}
