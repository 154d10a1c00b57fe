// What of a study is in flight: its jobs in the queue, and which networks they train. Read from the
// queue and the submissions' own files, so that any user on any head sees the same.
import type { Scheduler } from './scheduler.js';
import { jobsNamed, type QueuedJob } from './queue.js';
import {
  jobName,
  readSubmission,
  readSubmitted,
  submissionTags,
  type Submission,
} from './submission.js';

/** A network that a job in the queue trains or will train. */
export interface FlyingNetwork {
  readonly identity: string;
  /** Its task, or the last job of a submission, which is to submit it. */
  readonly job: QueuedJob;
  /** Number of its task in the submission that the job is of. */
  readonly task: number;
}

/** The jobs of a study. */
export interface InFlight {
  /** Those that have not ended. */
  readonly jobs: readonly QueuedJob[];
  /** Those that ended in the last minutes, as long as Slurm remembers them. */
  readonly ended: readonly QueuedJob[];
  /** By name. Of two jobs that have the same network, the one that runs. */
  readonly networks: ReadonlyMap<string, FlyingNetwork>;
}

/** Nothing in flight. */
export const nothingInFlight: InFlight = { jobs: [], ended: [], networks: new Map() };

/** What of the study in `directory` is in flight; asks squeue once, and not at all where nothing
 *  was ever submitted.
 *  @param finishing submission whose last job asks: what that is to submit is not in flight
 *  @throws SchedulerError, or RunStoreError if a submission's file is damaged */
export async function inFlight(
  directory: string,
  scheduler: Scheduler,
  finishing: string | null = null,
): Promise<InFlight> {
  if (submissionTags(directory).length === 0) return nothingInFlight;
  const all = await jobsNamed(jobName(directory), scheduler);
  const jobs = all.filter(({ standing }) => standing !== 'ended');
  const ended = all.filter(({ standing }) => standing === 'ended');
  return { jobs, ended, networks: networksOf(directory, jobs, finishing) };
}

/** Networks by the jobs that train them. */
function networksOf(
  directory: string,
  jobs: readonly QueuedJob[],
  finishing: string | null,
): ReadonlyMap<string, FlyingNetwork> {
  const submissions = new Map<string, Submission | null>();
  const networks = new Map<string, FlyingNetwork>();
  const later: (readonly [string, FlyingNetwork])[] = [];
  for (const job of jobs) {
    const { tag, part } = job.comment;
    if (part === 'finish') {
      if (tag !== finishing) for (const each of comingLater(directory, job)) later.push(each);
      continue;
    }
    if (job.index === null) continue;
    if (!submissions.has(tag)) submissions.set(tag, readSubmission(directory, tag));
    const task = part + job.index;
    for (const { name, identity } of submissions.get(tag)?.tasks[task]?.networks ?? []) {
      if (networks.get(name)?.job.standing === 'running') continue;
      networks.set(name, { identity, job, task });
    }
  }
  for (const [name, network] of later) if (!networks.has(name)) networks.set(name, network);
  return networks;
}

/** Whether the task `id` is the last of its study that the node needs images for: what has not
 *  ended besides it is at work on other nodes. */
export function isLastOn(node: string, id: string, { networks }: InFlight): boolean {
  return [...networks.values()].every(
    ({ job }) => job.id === id || (job.standing === 'running' && job.node !== node),
  );
}

/** What the last job of a submission is to submit, as Slurm did not take it with the others. */
function comingLater(
  directory: string,
  job: QueuedJob,
): readonly (readonly [string, FlyingNetwork])[] {
  const { tag } = job.comment;
  const submitted = readSubmitted(directory, tag);
  if (submitted?.goesOn !== true) return [];
  const taken = new Set(
    submitted.arrays.flatMap(({ first, tasks }) =>
      Array.from({ length: tasks }, (_, index) => first + index),
    ),
  );
  const all = readSubmission(directory, tag)?.tasks ?? [];
  return all.flatMap(({ networks }, task) =>
    taken.has(task)
      ? []
      : networks.map(({ name, identity }) => [name, { identity, job, task }] as const),
  );
}
