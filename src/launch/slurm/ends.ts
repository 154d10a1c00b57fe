// How tasks ended that are in the queue no more: what Slurm remembers or has in its accounts, and
// the networks that were left without a word.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { lockOwner } from '../../base/process-lock.js';
import { writeFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import type { StudyFolder } from '../../study/run/folder.js';
import type { PlanEntry } from '../../study/store/plan-file.js';
import { accountedStates } from './accounting.js';
import type { InFlight } from './in-flight.js';
import type { Scheduler } from './scheduler.js';
import { readSubmission, readSubmitted, submissionFiles, submissionTags } from './submission.js';

/** The last task that a network was submitted in. */
interface PastTask {
  /** "123_4". */
  readonly id: string;
  readonly log: string;
}

/** The tasks of a submission by network; none where Slurm took none. */
function tasksOfSubmission(directory: string, tag: string): ReadonlyMap<string, PastTask> {
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

/** How tasks ended, in Slurm's words, as far as it still says. */
async function endsOfTasks(
  tasks: Iterable<PastTask>,
  flight: InFlight,
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, string>> {
  const jobs = new Set([...tasks].map(({ id }) => id.replace(/_.*/, '')));
  const remembered = flight.ended.map(({ id, state }) => [id, state] as const);
  const accounted = jobs.size === 0 ? null : await accountedStates([...jobs], scheduler);
  return new Map([...(accounted ?? []), ...remembered]);
}

/** How the last task of a network ended. */
export interface TaskEnd extends PastTask {
  /** In Slurm's words, such as TIMEOUT; null where it does not say any more. */
  readonly state: string | null;
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
  const states = await endsOfTasks(open, flight, scheduler);
  const entries = [...last].map(([name, { isCancelled, ...task }]) => {
    const state = isCancelled ? 'CANCELLED' : (states.get(task.id) ?? null);
    return [name, { ...task, state }] as const;
  });
  return new Map(entries);
}

/** Notes a failure for each network of a submission that nothing trains or will train, and of which
 *  nothing says why: its node died once too often, or somebody killed it. What copies such a
 *  network needs no note of its own. @returns their names */
export async function noteSilentEnds(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  { tag, flight, scheduler }: { tag: string; flight: InFlight; scheduler: Scheduler },
): Promise<readonly string[]> {
  const { directory } = folder;
  const tasks = tasksOfSubmission(directory, tag);
  const states = folder.states(networks);
  const isLeft = ({ name, requires }: PlanEntry): boolean => {
    const { state } = states.get(name) ?? {};
    if (!tasks.has(name) || flight.networks.has(name)) return false;
    if (state !== 'waiting' && state !== 'running') return false;
    if (requires !== null && states.get(requires)?.state !== 'done') return false;
    const { lease, record } = networkFiles(directory, name);
    return lockOwner(lease) === null && !existsSync(record);
  };
  const left = networks.filter(isLeft);
  const own = left.flatMap(({ name }) => tasks.get(name) ?? []);
  const ends =
    left.length === 0 ? new Map<string, string>() : await endsOfTasks(own, flight, scheduler);
  for (const { name } of left) {
    const { id, log } = tasks.get(name) as PastTask;
    const end = ends.get(id);
    const how = end === undefined ? '' : ` (${end})`;
    const { failure } = networkFiles(directory, name);
    writeFailure(failure, `its task ${id} ended before it was trained${how}; its log: ${log}`);
  }
  folder.refresh(left.map(({ name }) => name));
  return left.map(({ name }) => name);
}
