// The end of a submission: after all its tasks, what a local run does at its end; and what ended
// without a word is submitted again.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { InUseError, SchedulerError } from '../../base/errors.js';
import { goOn } from '../../launch/slurm/go-on.js';
import { inFlight, type InFlight } from '../../launch/slurm/in-flight.js';
import { leasedNetworks, type LeftQuestion } from '../../launch/slurm/left.js';
import type { QueuedJob } from '../../launch/slurm/queue.js';
import type { Scheduler } from '../../launch/slurm/scheduler.js';
import { readSubmission, removeJobFiles, submissionFiles } from '../../launch/slurm/submission.js';
import { StudyFolder } from '../../study/run/folder.js';
import { dropWeights } from '../../study/run/passing-weights.js';
import { lockStudy } from '../../study/store/lock.js';
import type { PlanEntry } from '../../study/store/plan-file.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { finishReport } from '../finish-report.js';
import { print } from '../output.js';
import { scriptSetting } from './submit.js';
import { say } from './task-log.js';

const LOCK_TRIES = 60;
const LOCK_PAUSE_MS = 10_000;
/** A machine that died holds its leases for three minutes. */
const LEASE_TRIES = 24;
const LEASE_PAUSE_MS = 10_000;

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
    const flight = await flightOrNone(directory, tag, scheduler);
    const isWanted = !existsSync(submissionFiles(directory, tag).cancelled);
    const isGoingOn =
      flight !== null &&
      isWanted &&
      (await submitRest(folder, networks, { tag, flight, scheduler }));
    if (flight !== null && flight.jobs.every((job) => !isTaskOf(job, tag))) {
      removeJobFiles(directory, tag);
    }
    dropWeights(folder, networks, readSubmission(directory, tag)?.passingWeights ?? []);
    const { text } = await finishReport(directory);
    print(text);
    const states = [...folder.states(networks).values()];
    const isWell = states.every(({ state }) => state === 'done' || state === 'dead');
    return isWell || isGoingOn ? 0 : 1;
  } finally {
    release();
  }
}

/** Submits what the submission has left. @returns whether there is anything in the queue now */
async function submitRest(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  question: LeftQuestion,
): Promise<boolean> {
  for (let tries = 0; tries < LEASE_TRIES; tries++) {
    const held = leasedNetworks(folder, networks, question);
    if (held.length === 0) break;
    if (tries === 0) say(`waiting for the leases of ${held.join(', ')}`);
    await sleep(LEASE_PAUSE_MS);
    folder.refresh();
  }
  const gone = await goOn(folder, networks, question, scriptSetting());
  for (const [name, why] of gone.givenUp) say(`${name}: ${why}`);
  const count = `${gone.tasks} ${gone.tasks === 1 ? 'task' : 'tasks'}`;
  if (gone.tasks > 0) say(`submitted what was left: ${count}, jobs ${gone.jobs.join(', ')}`);
  if (gone.failure !== null) say(`Slurm did not take all that is left: ${gone.failure.message}`);
  return gone.tasks > 0;
}

const isTaskOf = ({ comment }: QueuedJob, tag: string): boolean =>
  comment.tag === tag && comment.part !== 'finish';

// Without the queue nobody can tell a task that is left from one that comes yet.
async function flightOrNone(
  directory: string,
  tag: string,
  scheduler: Scheduler,
): Promise<InFlight | null> {
  try {
    return await inFlight(directory, scheduler, tag);
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
