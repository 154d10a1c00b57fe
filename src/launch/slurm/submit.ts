// Submits gangs to Slurm as job arrays, and a job after them all that writes results and report.
import { writeFileAtomic } from '../../base/atomic-file.js';
import { SchedulerError, SelfferError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import type { ClusterSettings } from '../../study/cluster/settings.js';
import type {
  GangFailure,
  LaunchEvent,
  Launcher,
  StudyEnd,
  SubmittedGang,
} from '../../study/run/launcher.js';
import { type PlannedArray, planArrays } from './arrays.js';
import type { TaskPart } from './comment.js';
import type { InFlight } from './in-flight.js';
import { jobsNamed } from './queue.js';
import { type JobRequest, jobScript, sbatchArguments, type ScriptSetting } from './sbatch.js';
import type { Scheduler } from './scheduler.js';
import {
  jobName,
  newTag,
  type SubmissionFiles,
  submissionFiles,
  type SubmittedArray,
  writeSubmission,
  writeSubmitted,
} from './submission.js';

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
  /** Hears after each array how many of all tasks are submitted. */
  readonly onProgress?: (tasks: number, all: number) => void;
}

/** One call of sbatch. */
export interface PlannedJob {
  readonly request: JobRequest;
  readonly args: readonly string[];
  readonly script: string;
}

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

/** The arrays that gangs would be submitted as. */
export async function plannedArrays(
  { scheduler, inFlight: flight }: Pick<SlurmOptions, 'scheduler' | 'inFlight'>,
  gangs: readonly SubmittedGang[],
): Promise<readonly PlannedArray[]> {
  return planArrays(gangs, await largestArray(scheduler), ({ job }) => {
    const sources = job.networks.flatMap(({ source }) => source ?? []);
    const names = new Set(sources.map((folder) => folder.replace(/^runs\//, '')));
    return [...new Set([...names].flatMap((name) => flight.networks.get(name)?.job.id ?? []))];
  });
}

/** What sbatch is called with for an array, or for the job that finishes. */
export function plannedJob(
  { directory, settings, setting }: Pick<SlurmOptions, 'directory' | 'settings' | 'setting'>,
  tag: string,
  { part, tasks, after }: { part: TaskPart; tasks: number; after: readonly string[] },
): PlannedJob {
  const logs = submissionFiles(directory, tag).logs(part !== 'finish');
  const request = { jobName: jobName(directory), tag, part, tasks, after, logs, directory };
  const args = sbatchArguments(request, settings);
  return { request, args, script: jobScript(request, args, setting, settings) };
}

const USUAL_MAX_ARRAY_SIZE = 1001;

/** Most tasks of one array here. */
async function largestArray(scheduler: Scheduler): Promise<number> {
  try {
    const said = await scheduler.ask('scontrol', ['show', 'config']);
    const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(said)?.[1] ?? USUAL_MAX_ARRAY_SIZE);
    return Math.max(1, size - 1);
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return USUAL_MAX_ARRAY_SIZE - 1;
  }
}

class Submitting {
  readonly events: LaunchEvent[] = [];
  readonly #options: SlurmOptions;
  readonly #gangs: readonly SubmittedGang[];
  readonly #tag = newTag();
  readonly #done: SubmittedArray[] = [];
  #isStopped = false;

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
    const { directory, study, passingWeights } = this.#options;
    const arrays = await plannedArrays(this.#options, this.#gangs);
    const jobs = arrays.flatMap(({ gangs }) => gangs.map(({ job }) => job));
    const tasks = jobs.map(({ name, networks }) => ({
      gang: name,
      networks: networks.map((each) => ({ name: each.name, identity: each.identity })),
    }));
    const content = { study, tasks, passingWeights };
    const files = writeSubmission(directory, this.#tag, content, jobs);
    let finish: string | null = null;
    try {
      for (const array of arrays) {
        if (this.#isStopped) break;
        await this.#submitArray(array, files);
        this.#options.onProgress?.(array.first + array.gangs.length, jobs.length);
      }
    } finally {
      try {
        if (this.#done.length > 0) finish = await this.#submitFinish(files);
      } finally {
        writeSubmitted(files, { arrays: this.#done, finish });
      }
    }
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

  // After all that was submitted now and all that was in flight before.
  #submitFinish(files: SubmissionFiles): Promise<string> {
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
