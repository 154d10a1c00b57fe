// `selffer status DIR`: where each network of a study is.
import { resolve } from 'node:path';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { expectPlanFile } from '../../study/store/results-file.js';
import { lockOwner as studyLockOwner } from '../../study/store/lock.js';
import type { PlanEntry } from '../../study/store/plan-file.js';
import { type LiveNumbers, readLive } from '../../study/store/live-file.js';
import { StudyFolder } from '../../study/run/folder.js';
import { liveState, trainerOf } from '../../study/run/live-state.js';
import type { RunState } from '../../study/store/run-state.js';
import { colours, print, printJson, remark } from '../output.js';
import { bytesByKind, fileKinds, folderFiles } from '../../study/store/folder-files.js';
import { formatDuration, formatSize } from '../../base/quantities.js';
import { formatAccuracy, grouped } from '../quantities.js';
import { jobOf, type JobRow, jobText, type QueueView, viewQueue } from '../slurm/queue-view.js';

/** Adds the command. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('say where each network of a study is')
    .argument('<dir>', 'folder of a study')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer status demo')
    .action(async (dir: string, options: { json?: boolean }) => {
      await status(resolve(dir), options.json ?? false);
    });
}

async function status(directory: string, asJson: boolean): Promise<void> {
  const folder = new StudyFolder(directory);
  const { study, networks } = expectPlanFile(folder);
  const states = folder.states(networks);
  const isOpen = (name: string): boolean => {
    const state = states.get(name)?.state;
    return state === 'waiting' || state === 'running';
  };
  const queue = await viewQueue(directory, isOpen);
  const rows = networks.map((network) => rowOf(folder, network, states, queue));
  const owner = studyLockOwner(directory);
  const live = owner === null ? null : readLive(directory, owner);
  for (const damage of folder.damage()) warn(damage);
  if (queue !== null && queue.problem !== null) warn(`the queue cannot be seen: ${queue.problem}`);
  const disk = bytesByKind(folderFiles(directory));
  if (asJson) {
    const bytes = Object.fromEntries(disk);
    const head = { study: study.name, runBy: owner, live, counts: counts(rows), bytes };
    const seen = queue === null ? null : { problem: queue.problem, jobs: queue.flight.jobs.length };
    printJson({ ...head, queue: seen, networks: rows });
    return;
  }
  const runBy =
    owner === null ? null : [`process ${owner.pid} on ${owner.host}`, ...liveWords(live)];
  print(`${text(study.name, rows, runBy)}\n${diskText(disk)}`);
}

const warn = (message: string): void => remark(`${colours.yellow('warning')} ${message}`);

interface Row {
  readonly name: string;
  readonly state: string;
  readonly accuracy: number | null;
  readonly iteration: number | null;
  readonly message: string | null;
  /** Null where none was submitted, or it has ended and the network too. */
  readonly job: JobRow | null;
}

function rowOf(
  folder: StudyFolder,
  { name }: PlanEntry,
  states: ReadonlyMap<string, RunState>,
  queue: QueueView | null,
): Row {
  const job = jobOf(queue, name);
  const { state, record, message } = standing(folder.directory, name, states, job);
  const last = folder.tests(name).at(-1);
  return {
    name,
    state,
    accuracy: record?.finalAccuracy ?? last?.testAccuracy ?? null,
    iteration: record?.iterations ?? last?.iteration ?? null,
    message,
    job,
  };
}

// Begun and not ended: only a process that trains it now makes it run; a job in the queue resumes
// it.
function standing(
  directory: string,
  name: string,
  states: ReadonlyMap<string, RunState>,
  job: JobRow | null,
): RunState {
  const known = states.get(name) as RunState;
  const live = liveState(known, () => trainerOf(directory, name));
  const isQueued = job !== null && job.standing !== 'ended';
  return live.state === 'waiting' && known.state === 'running' && isQueued
    ? { ...live, message: 'begun; its job resumes it' }
    : live;
}

function counts(rows: readonly Row[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { state } of rows) result[state] = (result[state] ?? 0) + 1;
  return result;
}

function diskText(disk: ReturnType<typeof bytesByKind>): string {
  const total = disk.reduce((sum, [, bytes]) => sum + bytes, 0);
  const parts = disk.map(([kind, bytes]) => `${fileKinds[kind].words} ${formatSize(bytes)}`);
  return `${formatSize(total)} on disk: ${parts.join(', ')}`;
}

function liveWords(live: LiveNumbers | null): readonly string[] {
  if (live === null) return [];
  const { secondsLeft, imagesPerSecond, residentBytes } = live;
  return [
    ...(secondsLeft === null ? [] : [`${formatDuration(secondsLeft)} left`]),
    ...(imagesPerSecond === null ? [] : [`${grouped(Math.round(imagesPerSecond))} images/s`]),
    ...(residentBytes === null ? [] : [`memory ${formatSize(residentBytes)}`]),
  ];
}

function text(study: string, rows: readonly Row[], runBy: readonly string[] | null): string {
  const hasJobs = rows.some(({ job }) => job !== null);
  const table = new Table({
    head: ['network', 'state', 'accuracy', 'iteration', ...(hasJobs ? ['job'] : []), ''],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, state, accuracy, iteration, message, job } of rows) {
    table.push([
      name,
      state,
      accuracy === null ? '' : formatAccuracy(accuracy),
      iteration ?? '',
      ...(hasJobs ? [job === null ? '' : jobText(job)] : []),
      message?.split('\n')[0]?.slice(0, 60) ?? '',
    ]);
  }
  const summary = Object.entries(counts(rows)).map(([state, count]) => `${count} ${state}`);
  return `${table.toString()}\n${study}: ${summary.join(', ')} of ${rows.length}${runBy === null ? '' : `; being run by ${runBy.join(', ')}`}`;
}
