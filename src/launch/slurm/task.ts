// One task of an array: trains its gang as a local run would, saves when Slurm asks, and sends
// itself back into the queue where that helps.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { SelfferError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import { clearFailure, writeFailure } from '../../runs/failure.js';
import { runFiles } from '../../runs/files.js';
import type { LaunchEvent, StudyRun } from '../../study/run/launcher.js';
import { submitInOrder } from '../../study/run/submit-in-order.js';
import type { WorkerEvent } from '../../train/events.js';
import type { GangJob, NetworkJob } from '../../train/job.js';
import { readJob } from '../../train/job-file.js';
import { startProcess, type WorkerOptions } from '../worker-process.js';
import {
  attemptsAtStart,
  type Attempts,
  type BadEnd,
  nextStep,
  readAttempts,
  writeAttempts,
} from './attempts.js';
import { ownState, requeue } from './requeue.js';
import { savedIterations } from './saved.js';
import type { Scheduler } from './scheduler.js';
import { submissionFiles } from './submission.js';

/** What a task is started with. */
export interface TaskRequest {
  /** The study's folder. */
  readonly directory: string;
  readonly tag: string;
  /** Its number in the submission. */
  readonly task: number;
  /** As Slurm's commands take it: "123_4". */
  readonly id: string;
  /** How often Slurm has started it before. */
  readonly starts: number;
  /** Processors that Slurm gave it; null if it does not say. */
  readonly cpus: number | null;
  readonly worker: WorkerOptions;
  readonly scheduler: Scheduler;
  /** Makes the job one for this node: see `stageStores`. */
  readonly prepare: (job: GangJob) => Promise<GangJob>;
  readonly onEvent: (event: LaunchEvent) => void;
  /** Says a line in the log. */
  readonly say: (line: string) => void;
}

/** What Slurm's signals ask for. */
export class Requests {
  why: 'limit' | 'term' | null = null;
  #run: StudyRun | null = null;

  /** Hears the signals of this process from now on. */
  listen(): void {
    process.on('SIGUSR2', () => this.ask('limit'));
    process.on('SIGTERM', () => this.ask('term'));
  }

  /** Asks the worker to save and end; of two reasons the first counts. */
  ask(why: 'limit' | 'term'): void {
    this.why ??= why;
    this.#run?.stop();
  }

  /** Whom to pass the requests on to. */
  passOn(run: StudyRun): void {
    this.#run = run;
    if (this.why !== null) run.stop();
  }
}

/** Trains a task. @returns the exit status: 0 if all that could be trained is */
export async function runTask(request: TaskRequest, requests: Requests): Promise<number> {
  const files = submissionFiles(request.directory, request.tag);
  const { say, starts } = request;
  if (existsSync(files.cancelled)) {
    say('its submission was cancelled: nothing is trained');
    return 1;
  }
  const job = readJob(files.job(request.task));
  const path = files.attempts(request.task);
  const attempts = attemptsAtStart(readAttempts(path), starts, savedIterations(job));
  if ('giveUp' in attempts) {
    note(job, attempts.giveUp);
    say(attempts.giveUp);
    return 1;
  }
  for (const { failure } of unfinished(job)) clearFailure(failure);
  const end = await train(request, job, requests);
  if (end === 'finished') return 0;
  if (end === 'unfinished') return 1;
  return await afterBadEnd(request, { job, attempts, end });
}

interface Bad {
  readonly job: GangJob;
  readonly attempts: Attempts;
  readonly end: BadEnd | 'stopped';
}

/** Back into the queue, or not. */
async function afterBadEnd(request: TaskRequest, { job, attempts, end }: Bad): Promise<number> {
  const { id, scheduler, say, directory, tag, task } = request;
  const files = submissionFiles(directory, tag);
  const isCancelled = existsSync(files.cancelled);
  if (isCancelled && (end === 'stopped' || end.kind !== 'failed')) {
    say('cancelled: all is saved');
    return 1;
  }
  const reason: BadEnd = end === 'stopped' ? { kind: 'preempted' } : end;
  const next = nextStep(attempts, reason, savedIterations(job));
  if (next.step === 'give up' || isCancelled) {
    const message = next.step === 'give up' ? next.message : next.attempts.message;
    note(job, message);
    say(message);
    return 1;
  }
  const { message } = next.attempts;
  for (const { failure } of unfinished(job)) clearFailure(failure);
  writeAttempts(files.attempts(task), next.attempts);
  // Who was cancelled, or is sent back into the queue by Slurm itself, must not ask for it.
  const state = await ownState(id, scheduler);
  if (state === null ? end === 'stopped' : state !== 'RUNNING') {
    say(`${message}; ended by Slurm${state === null ? '' : ` (${state})`}`);
    return 1;
  }
  say(`${message}; back into the queue for ${next.pauseSeconds} s`);
  try {
    await requeue(id, next.pauseSeconds, scheduler);
  } catch (error) {
    const refusal = error instanceof Error ? error.message : String(error);
    note(job, `${message}; and it cannot go back into the queue: ${refusal}`);
    say(refusal);
  }
  return 1;
}

/** Trains what can be trained of a gang. `unfinished`: some of it cannot, and nothing else is
 *  wrong. */
async function train(
  request: TaskRequest,
  whole: GangJob,
  requests: Requests,
): Promise<'finished' | 'unfinished' | BadEnd | 'stopped'> {
  const { onEvent, cpus, say } = request;
  let isSkipped = false;
  let end: Extract<LaunchEvent, { event: 'over' }>['end'] | null = null;
  try {
    const threads = cpus ?? whole.threads;
    const job = await request.prepare({ ...whole, threads });
    const run = submitInOrder([{ job, after: [] }], 1, (ready, hear) =>
      start(request, ready, hear),
    );
    requests.passOn(run);
    for await (const event of run.events) {
      if (event.event === 'skipped') isSkipped = true;
      if (event.event === 'over') end = event.end;
      onEvent(event);
    }
    await run.end;
  } catch (error) {
    const told = systemError(error) ?? error;
    const message = told instanceof Error ? told.message : String(told);
    say(message);
    return { kind: 'failed', code: told instanceof SelfferError ? told.code : 'internal', message };
  }
  if (end?.outcome === 'failed' && requests.why === null)
    return { kind: 'failed', code: end.code, message: end.message };
  // A worker that was sent the signal before it could hear it has died of it.
  if (end?.outcome === 'failed' || end?.outcome === 'stopped' || (end === null && requests.why)) {
    return requests.why === 'limit' ? { kind: 'limit' } : 'stopped';
  }
  return isSkipped ? 'unfinished' : 'finished';
}

/** A worker that reads its job from the node's own disk: what is staged lies there only. */
function start(
  { worker }: TaskRequest,
  job: GangJob,
  hear: (event: WorkerEvent) => void,
): ReturnType<typeof startProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-task-'));
  const path = join(folder, 'job.json');
  writeFileAtomic(path, JSON.stringify(job));
  const { executor, threads } = job;
  const run = startProcess<WorkerEvent>(worker, { args: ['--job', path], executor, threads }, hear);
  return { ...run, end: run.end.finally(() => rmSync(folder, { recursive: true, force: true })) };
}

function unfinished({ studyDirectory, networks }: GangJob) {
  return networks
    .map(({ directory }: NetworkJob) => runFiles(studyDirectory, directory))
    .filter(({ record }) => !existsSync(record));
}

/** Notes why the networks of a gang that have not ended never will. */
function note(job: GangJob, message: string): void {
  for (const { failure } of unfinished(job)) writeFailure(failure, message);
}
