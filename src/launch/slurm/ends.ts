// How tasks ended that are in the queue no more: what Slurm remembers or has in its accounts.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { type AccountedEnd, accountedEnds } from './accounting.js';
import type { InFlight } from './in-flight.js';
import type { Scheduler } from './scheduler.js';
import { readSubmission, readSubmitted, submissionFiles, submissionTags } from './submission.js';

/** The last task that a network was submitted in. */
export interface PastTask {
  /** "123_4". */
  readonly id: string;
  /** In the study's folder. */
  readonly log: string;
}

/** The tasks of a submission by network; none where Slurm took none. */
export function tasksOfSubmission(directory: string, tag: string): ReadonlyMap<string, PastTask> {
  const tasks = new Map<string, PastTask>();
  const { tasks: all = [] } = readSubmission(directory, tag) ?? {};
  const logs = submissionFiles(directory, tag).logs(true).replaceAll('%%', '%');
  for (const { first, tasks: size, job } of readSubmitted(directory, tag)?.arrays ?? []) {
    for (let index = 0; index < size; index++) {
      const log = logs.replace('%A_%a', `${job}_${index}`);
      const task = { id: `${job}_${index}`, log: relative(directory, log) };
      for (const { name } of all[first + index]?.networks ?? []) tasks.set(name, task);
    }
  }
  return tasks;
}

/** How tasks ended, as far as Slurm still says. */
export async function endsOfTasks(
  tasks: Iterable<PastTask>,
  flight: InFlight,
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, AccountedEnd>> {
  const jobs = new Set([...tasks].map(({ id }) => id.replace(/_.*/, '')));
  const accounted = jobs.size === 0 ? null : await accountedEnds([...jobs], scheduler);
  const ends = new Map(accounted);
  // Accounts may lag behind the queue.
  for (const { id, state } of flight.ended) {
    if (ends.get(id)?.state !== state) ends.set(id, { state, by: null });
  }
  return ends;
}

/** How the last task of a network ended. */
export interface TaskEnd extends PastTask {
  /** In Slurm's words, such as TIMEOUT; null where it does not say any more. */
  readonly state: string | null;
  /** See {@link AccountedEnd.by}. */
  readonly by: string | null;
}

/** How the last tasks ended of the networks that are left: submitted once, in the queue no more. */
export async function lastEnds(
  directory: string,
  isLeft: (name: string) => boolean,
  flight: InFlight,
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, TaskEnd>> {
  const last = new Map<string, PastTask & { readonly isCancelled: boolean }>();
  for (const tag of submissionTags(directory)) {
    const isCancelled = existsSync(submissionFiles(directory, tag).cancelled);
    for (const [name, task] of tasksOfSubmission(directory, tag)) {
      if (isLeft(name)) last.set(name, { ...task, isCancelled });
    }
  }
  const open = [...last.values()].filter(({ isCancelled }) => !isCancelled);
  const ends = await endsOfTasks(open, flight, scheduler);
  const entries = [...last].map(([name, { isCancelled, ...task }]) => {
    const { state, by } = ends.get(task.id) ?? { state: null, by: null };
    return [name, { ...task, state: isCancelled ? 'CANCELLED' : state, by }] as const;
  });
  return new Map(entries);
}
