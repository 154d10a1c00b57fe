// The end of a submission: after all its tasks, what a local run does at its end.
import { setTimeout as sleep } from 'node:timers/promises';
import { InUseError, SchedulerError } from '../../base/errors.js';
import { noteSilentEnds } from '../../launch/slurm/ends.js';
import { inFlight, type InFlight } from '../../launch/slurm/in-flight.js';
import type { QueuedJob } from '../../launch/slurm/queue.js';
import type { Scheduler } from '../../launch/slurm/scheduler.js';
import { readSubmission, removeJobFiles } from '../../launch/slurm/submission.js';
import { StudyFolder } from '../../study/run/folder.js';
import { dropWeights } from '../../study/run/passing-weights.js';
import { lockStudy } from '../../study/store/lock.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { finishReport } from '../finish-report.js';
import { print } from '../output.js';
import { say } from './task-log.js';

const LOCK_TRIES = 60;
const LOCK_PAUSE_MS = 10_000;

/** Writes results and report, says why networks were left, and drops weights that the study does
 *  not keep. @returns the exit status: 1 if a network of the study is neither done nor dead */
export async function finishSubmission(
  directory: string,
  tag: string,
  scheduler: Scheduler,
): Promise<number> {
  const release = await lockPatiently(directory);
  try {
    const folder = new StudyFolder(directory);
    const { networks } = expectPlanFile(folder);
    const flight = await flightOrNone(directory, scheduler);
    if (flight !== null) {
      const left = await noteSilentEnds(folder, networks, { tag, flight, scheduler });
      for (const name of left) say(`${name}: its task ended without a word`);
    }
    if (flight !== null && flight.jobs.every((job) => !isTaskOf(job, tag))) {
      removeJobFiles(directory, tag);
    }
    dropWeights(folder, networks, readSubmission(directory, tag)?.passingWeights ?? []);
    const { text } = await finishReport(directory);
    print(text);
    const states = [...folder.states(networks).values()];
    return states.every(({ state }) => state === 'done' || state === 'dead') ? 0 : 1;
  } finally {
    release();
  }
}

const isTaskOf = ({ comment }: QueuedJob, tag: string): boolean =>
  comment.tag === tag && comment.part !== 'finish';

// Without the queue nobody can tell a task that is left from one that comes yet.
async function flightOrNone(directory: string, scheduler: Scheduler): Promise<InFlight | null> {
  try {
    return await inFlight(directory, scheduler);
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    say(error.message);
    return null;
  }
}

// Another command may be at work there, such as one that submits more.
async function lockPatiently(directory: string): Promise<() => void> {
  for (let tries = 1; ; tries++) {
    try {
      return lockStudy(directory);
    } catch (error) {
      if (!(error instanceof InUseError) || tries >= LOCK_TRIES) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}
