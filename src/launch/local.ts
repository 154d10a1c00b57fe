// Runs each gang in a child process of this machine.
import { dropLeasesElsewhere } from '../runs/lease.js';
import type { GangRun, Launcher } from '../study/run/launcher.js';
import { type StartGang, submitInOrder } from '../study/run/submit-in-order.js';
import type { WorkerEvent } from '../train/events.js';
import type { GangJob } from '../train/job.js';
import { removeJob, writeJob } from '../train/job-file.js';
import { startProcess, type WorkerOptions } from './worker-process.js';

/** How workers are started: their script runs with `--job FILE --attached`. */
export interface LocalOptions extends WorkerOptions {
  /** Gangs that are trained at once, each in a worker of its own; default 1. A job's threads and
   *  memory are each one's. */
  readonly workers?: number;
}

/** A launcher of child processes, for a caller that holds the study's lock. */
export function localLauncher(options: LocalOptions): Launcher {
  const start: StartGang = (job, onEvent) => {
    const directories = job.networks.map(({ directory }) => directory);
    dropLeasesElsewhere(job.studyDirectory, directories);
    return startWorker(options, job, onEvent);
  };
  return { submit: (gangs) => submitInOrder(gangs, options.workers ?? 1, start) };
}

/** Starts the worker of a gang; `onEvent` hears what it says, in order, before `end` settles.
 *  @throws RunStoreError if its job file cannot be written */
export function startWorker(
  options: LocalOptions,
  job: GangJob,
  onEvent: (event: WorkerEvent) => void,
): GangRun {
  const { executor, threads } = job;
  const args = ['--job', writeJob(job)];
  const run = startProcess<WorkerEvent>(options, { args, executor, threads }, onEvent);
  return { ...run, end: run.end.finally(() => removeJob(job)) };
}
