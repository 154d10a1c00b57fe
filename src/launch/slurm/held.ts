// Jobs that Slurm holds because it could not start them, as after a controller that lost its last
// minute: it drains the node and never lets go of the job by itself.
import type { InFlight } from './in-flight.js';
import type { QueuedJob } from './queue.js';
import type { Scheduler } from './scheduler.js';

/** Spaces or underscores, by version. Holds that a person asked for have other words. */
const FAILED_LAUNCHES = new Set(['launch failed requeued held']);

/** Jobs of a study that are held so. */
function heldJobs({ jobs }: InFlight): readonly QueuedJob[] {
  return jobs.filter(({ standing, reason }) => {
    return standing === 'queued' && FAILED_LAUNCHES.has((reason ?? '').replaceAll('_', ' '));
  });
}

/** Lets go of them. @returns their ids @throws SchedulerError if Slurm refuses */
export async function releaseHeld(
  flight: InFlight,
  scheduler: Scheduler,
): Promise<readonly string[]> {
  const ids = heldJobs(flight).map(({ id }) => id);
  if (ids.length > 0) await scheduler.ask('scontrol', ['release', ids.join(',')]);
  return ids;
}
