// Submits gangs to Slurm as job arrays, and a job after them all that writes results and report.
import { writeFileAtomic } from '../../base/atomic-file.js';
import { SchedulerError, SelfferError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import type {
  GangFailure,
  LaunchEvent,
  Launcher,
  StudyEnd,
  SubmittedGang,
} from '../../study/run/launcher.js';
import type { PlannedArray } from './arrays.js';
import { writeAttempts } from './attempts.js';
import type { TaskPart } from './comment.js';
import { submitLimit, submitWhatFits } from './limit.js';
import type { SlurmOptions } from './options.js';
import { plannedArrays, plannedJob } from './planned.js';
import { jobsNamed } from './queue.js';
import {
  newTag,
  type SubmissionFiles,
  type SubmittedArray,
  writeSubmission,
  writeSubmitted,
} from './submission.js';

/** A launcher that gives gangs to Slurm and ends: whether they were trained, their folder says. */
export function slurmLauncher(options: SlurmOptions): Launcher {
  return {
    submit: (gangs) => {
      const submitting = new Submitting(options, gangs);
      const work = Promise.resolve().then(() => submitting.run());
      return {
        events: afterwards(work, submitting.events),
        end: work,
        stop: () => submitting.stop(),
        kill: () => submitting.stop(),
      };
    },
  };
}

async function* afterwards(
  work: Promise<unknown>,
  events: readonly LaunchEvent[],
): AsyncGenerator<LaunchEvent> {
  await work;
  yield* events;
}

class Submitting {
  readonly events: LaunchEvent[] = [];
  readonly #options: SlurmOptions;
  readonly #gangs: readonly SubmittedGang[];
  readonly #tag = newTag();
  readonly #done: SubmittedArray[] = [];
  #isStopped = false;
  /** Of submitted jobs, that was met. */
  #limit: string | null = null;

  constructor(options: SlurmOptions, gangs: readonly SubmittedGang[]) {
    this.#options = options;
    this.#gangs = gangs;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Never rejects. */
  async run(): Promise<StudyEnd> {
    const isFlying = this.#options.inFlight.networks.size > 0;
    if (this.#gangs.length === 0) {
      return { outcome: isFlying ? 'submitted' : 'finished', failure: null };
    }
    try {
      await this.#submit();
      return { outcome: this.#isStopped ? 'stopped' : 'submitted', failure: null };
    } catch (error) {
      return { outcome: 'submitted', failure: failureOf(error) };
    }
  }

  async #submit(): Promise<void> {
    const { directory, study, passingWeights, settings, before } = this.#options;
    const arrays = await plannedArrays(this.#options, this.#gangs);
    const jobs = arrays.flatMap(({ gangs }) => gangs.map(({ job }) => job));
    const tasks = jobs.map(({ name, networks }) => ({
      gang: name,
      networks: networks.map((each) => ({ name: each.name, identity: each.identity })),
    }));
    const content = { study, passingWeights, settings, tasks };
    const files = writeSubmission(directory, this.#tag, content, jobs);
    jobs.forEach(({ name }, task) => {
      const attempts = before?.attempts.get(name);
      if (attempts !== undefined) writeAttempts(files.attempts(task), attempts);
    });
    let finish: string | null = null;
    try {
      for (const array of arrays) {
        if (this.#isStopped || this.#limit !== null) break;
        this.#limit = await submitWhatFits(array.gangs.length, async (at, size) => {
          const gangs = array.gangs.slice(at, at + size);
          await this.#submitArray({ ...array, first: array.first + at, gangs }, files);
          this.#options.onProgress?.(array.first + at + size, jobs.length);
        });
      }
    } finally {
      try {
        if (this.#done.length > 0) finish = await this.#submitFinish(files);
      } finally {
        const goesOn = finish !== null && this.#limit !== null && !this.#isStopped;
        writeSubmitted(files, { arrays: this.#done, finish, goesOn });
      }
    }
    if (this.#limit !== null) this.#sayLimit(this.#limit, jobs.length);
  }

  #sayLimit(limit: string, all: number): void {
    const tasks = this.#done.reduce((sum, array) => sum + array.tasks, 0);
    // The last job of a submission finds room when its tasks have ended; without one there is none.
    this.#options.onLimit?.({ limit, tasks, all });
    if (tasks > 0) return;
    throw new SchedulerError(`Slurm takes no more jobs for now (${limit}): no task is submitted`, {
      hint: 'Wait until others have ended, or choose another --account, --qos or --networks-per-task.',
    });
  }

  async #submitArray(array: PlannedArray, files: SubmissionFiles): Promise<void> {
    const { first, gangs, after, afterJobs } = array;
    const ids = [...after.map((task) => this.#idOf(task)), ...afterJobs];
    const job = await this.#sbatch(files, { part: first, tasks: gangs.length, after: ids });
    this.#done.push({ first, tasks: gangs.length, job });
    gangs.forEach(({ job: gang }, index) => {
      const networks = gang.networks.map(({ name }) => name);
      this.events.push({ event: 'submitted', gang: gang.name, networks, job: `${job}_${index}` });
    });
  }

  // The last task makes room where there is none.
  async #submitFinish(files: SubmissionFiles): Promise<string | null> {
    for (;;) {
      try {
        return await this.#sbatchFinish(files);
      } catch (error) {
        const limit = submitLimit(error);
        if (limit === null) throw error;
        this.#limit = limit;
        if (!(await this.#takeBackLast())) return null;
      }
    }
  }

  /** Takes the task out of the queue that was submitted last. @returns whether others are left */
  async #takeBackLast(): Promise<boolean> {
    const { first, tasks, job } = this.#done.pop() as SubmittedArray;
    await this.#options.scheduler.ask('scancel', [`${job}_${tasks - 1}`]);
    if (tasks > 1) this.#done.push({ first, tasks: tasks - 1, job });
    this.events.pop();
    return this.#done.length > 0;
  }

  // After all that was submitted now and all that was in flight before.
  #sbatchFinish(files: SubmissionFiles): Promise<string> {
    const { jobs } = this.#options.inFlight;
    const earlier = jobs.filter(({ comment }) => comment.part !== 'finish').map(({ job }) => job);
    const after = new Set([...this.#done.map(({ job }) => job), ...earlier]);
    return this.#sbatch(files, { part: 'finish', tasks: 0, after: [...after] });
  }

  #idOf(task: number): string {
    const array = this.#done.find(({ first, tasks }) => task >= first && task < first + tasks);
    return `${array?.job}_${task - (array?.first ?? 0)}`;
  }

  async #sbatch(
    files: SubmissionFiles,
    what: { part: TaskPart; tasks: number; after: readonly string[] },
  ): Promise<string> {
    const { scheduler } = this.#options;
    const { args, script, request } = plannedJob(this.#options, this.#tag, what);
    const path = files.script(what.part);
    writeFileAtomic(path, script);
    // A controller that gave no answer may have taken the job all the same.
    const found = async (): Promise<string | null> => {
      const jobs = await jobsNamed(request.jobName, scheduler);
      const own = jobs.find(
        ({ comment }) => comment.tag === this.#tag && comment.part === what.part,
      );
      return own?.job ?? null;
    };
    const answer = await scheduler.change('sbatch', [...args, path], found);
    // "123", or "123;cluster"; what sites print besides stands before it.
    const job = /^(\d+)(;\S*)?$/.exec(answer.trim().split('\n').at(-1)?.trim() ?? '')?.[1];
    if (job !== undefined) return job;
    throw new SchedulerError(
      `sbatch: found ${JSON.stringify(answer.slice(0, 120))}, wanted the number of a job`,
      { hint: `Look with squeue --name=${request.jobName} before you submit again.` },
    );
  }
}

function failureOf(thrown: unknown): GangFailure {
  const error = systemError(thrown) ?? thrown;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof SelfferError)) return { outcome: 'failed', code: 'internal', message };
  const { code, hint } = error;
  return { outcome: 'failed', code, message, ...(hint === undefined ? {} : { hint }) };
}
