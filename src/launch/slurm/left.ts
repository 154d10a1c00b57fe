// What a submission leaves when its tasks have left the queue: tasks that Slurm did not take, tasks
// that ended without a word, and those that wait for one of these. Which of them are submitted
// again, and which are given up.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner } from '../../base/process-lock.js';
import { networkFiles } from '../../runs/files.js';
import type { StudyFolder } from '../../study/run/folder.js';
import type { SubmittedGang } from '../../study/run/launcher.js';
import type { PlanEntry } from '../../study/store/plan-file.js';
import type { RunState } from '../../study/store/run-state.js';
import { readJob } from '../../train/job-file.js';
import type { GangJob } from '../../train/job.js';
import { type AccountedEnd, endText } from './accounting.js';
import { type Attempts, nextStep, readAttempts } from './attempts.js';
import { endsOfTasks, type PastTask, tasksOfSubmission } from './ends.js';
import type { InFlight } from './in-flight.js';
import { savedIterations } from './saved.js';
import type { Scheduler } from './scheduler.js';
import { readSubmission, readSubmitted, submissionFiles, type Task } from './submission.js';

/** A task that goes into the queue again. */
export interface LeftTask {
  readonly gang: SubmittedGang;
  /** What its next attempts are counted on from. */
  readonly attempts: Attempts;
  readonly pauseSeconds: number;
}

/** What is left of a submission. */
export interface Left {
  /** In their order: each after those that it waits for. */
  readonly again: readonly LeftTask[];
  /** Why a network is not tried again, by its name. */
  readonly givenUp: ReadonlyMap<string, string>;
}

/** A submission, and the queue as it is after it. */
export interface LeftQuestion {
  readonly tag: string;
  readonly flight: InFlight;
  readonly scheduler: Scheduler;
}

/** Ends that somebody wanted: another attempt is for people to ask for. */
const WANTED_ENDS = new Set(['CANCELLED', 'DEADLINE', 'REVOKED']);

/** What is left of a submission. A network whose base is dead or has failed is not: its state says
 *  so already. @throws RunStoreError if a file of the submission is damaged */
export async function leftOf(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  { tag, flight, scheduler }: LeftQuestion,
): Promise<Left> {
  const { directory } = folder;
  const open = openNetworks(folder, networks, flight);
  const past = tasksOfSubmission(directory, tag);
  const own = [...open.keys()].flatMap((name) => past.get(name) ?? []);
  const none = new Map<string, AccountedEnd>();
  const ends = own.length === 0 ? none : await endsOfTasks(own, flight, scheduler);
  const goesOn = readSubmitted(directory, tag)?.goesOn === true;
  const states = folder.states(networks);
  const sorting = new Sorting({ directory, tag, flight, open, states, past, ends, goesOn });
  const { tasks = [] } = readSubmission(directory, tag) ?? {};
  tasks.forEach((task, number) => sorting.sort(task, number));
  return sorting;
}

/** What is known when a submission is looked through. */
interface Known extends Omit<LeftQuestion, 'scheduler'> {
  /** The study's folder. */
  readonly directory: string;
  readonly open: ReadonlyMap<string, PlanEntry>;
  readonly states: ReadonlyMap<string, RunState>;
  readonly past: ReadonlyMap<string, PastTask>;
  readonly ends: ReadonlyMap<string, AccountedEnd>;
  /** Whether tasks that were never submitted are to be. */
  readonly goesOn: boolean;
}

class Sorting implements Left {
  readonly again: LeftTask[] = [];
  readonly givenUp = new Map<string, string>();
  readonly #known: Known;
  /** The networks of `again`, each with the gang that trains it. */
  readonly #gangOf = new Map<string, string>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** Tasks come in their order, so that what a network copies was sorted before. */
  sort({ networks }: Task, number: number): void {
    const { directory, tag, past, ends, goesOn } = this.#known;
    const names = networks.map(({ name }) => name).filter((name) => this.#isReady(name));
    const [first] = names;
    if (first === undefined) return;
    const last = past.get(first);
    if (last === undefined && !goesOn) return;
    const files = submissionFiles(directory, tag);
    const whole = readJob(files.job(number));
    const job = { ...whole, networks: whole.networks.filter(({ name }) => names.includes(name)) };
    const attempts = readAttempts(files.attempts(number));
    // One that waits for a task that is tried again found nothing to copy.
    const hasWaited = names.every((name) => this.#gangOf.has(this.#baseOf(name) ?? ''));
    const verdict =
      last === undefined || hasWaited
        ? { attempts, pauseSeconds: 0 }
        : afterSilence(directory, { job, attempts, last, end: ends.get(last.id) ?? null });
    if ('why' in verdict) for (const name of names) this.givenUp.set(name, verdict.why);
    else this.#tryAgain(job, verdict);
  }

  #tryAgain(job: GangJob, verdict: Pick<LeftTask, 'attempts' | 'pauseSeconds'>): void {
    const bases = job.networks.flatMap(({ name }) => this.#baseOf(name) ?? []);
    const after = [...new Set(bases.flatMap((base) => this.#gangOf.get(base) ?? []))];
    // Slurm counts the starts of a new job anew.
    const attempts = { ...verdict.attempts, ended: 0, progress: savedIterations(job) };
    this.again.push({ ...verdict, gang: { job, after }, attempts });
    for (const { name } of job.networks) this.#gangOf.set(name, job.name);
  }

  #baseOf(name: string): string | null {
    return this.#known.open.get(name)?.requires ?? null;
  }

  #isReady(name: string): boolean {
    const { open, states, flight } = this.#known;
    if (!open.has(name)) return false;
    const base = this.#baseOf(name);
    if (base === null || states.get(base)?.state === 'done') return true;
    return this.#gangOf.has(base) || flight.networks.has(base);
  }
}

/** Networks that nothing trains or will train, and of which nothing says why. */
function openNetworks(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  flight: InFlight,
): ReadonlyMap<string, PlanEntry> {
  const states = folder.states(networks);
  const isOpen = ({ name }: PlanEntry): boolean =>
    !flight.networks.has(name) &&
    isUnended(states.get(name)) &&
    lockOwner(networkFiles(folder.directory, name).lease) === null &&
    !existsSync(networkFiles(folder.directory, name).record);
  return new Map(networks.filter(isOpen).map((entry) => [entry.name, entry]));
}

function isUnended(state: RunState | undefined): boolean {
  return state?.state === 'waiting' || state?.state === 'running';
}

/** Networks of a submission that would be left if their leases were not held: a machine that died
 *  holds them until its beats are missed. */
export function leasedNetworks(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  { tag, flight }: Pick<LeftQuestion, 'tag' | 'flight'>,
): readonly string[] {
  const past = tasksOfSubmission(folder.directory, tag);
  const states = folder.states(networks);
  const isLeased = ({ name }: PlanEntry): boolean =>
    past.has(name) &&
    !flight.networks.has(name) &&
    isUnended(states.get(name)) &&
    lockOwner(networkFiles(folder.directory, name).lease) !== null;
  return networks.filter(isLeased).map(({ name }) => name);
}

interface Silent {
  readonly job: GangJob;
  readonly attempts: Attempts;
  readonly last: PastTask;
  /** Null where Slurm does not say any more. */
  readonly end: AccountedEnd | null;
}

/** What follows a task that ended without a word: all of its processes were killed at once. */
function afterSilence(
  directory: string,
  { job, attempts, last, end }: Silent,
): Pick<LeftTask, 'attempts' | 'pauseSeconds'> | { readonly why: string } {
  const how = end === null ? '' : ` (${endText(end)})`;
  const memory =
    end?.state === 'OUT_OF_MEMORY' ? '; give a larger --mem or a smaller --networks-per-task' : '';
  const message = `its task ${last.id} ended before it was trained${how}${memory}; its log: ${last.log}`;
  // Of one that nobody knows any more and that was never started, somebody may have thought better.
  const isStarted = existsSync(join(directory, last.log));
  if (end === null ? !isStarted : WANTED_ENDS.has(end.state)) return { why: message };
  const next = nextStep(
    attempts,
    { kind: 'failed', code: 'native', message },
    savedIterations(job),
  );
  if (next.step === 'give up') return { why: next.message };
  return next;
}
