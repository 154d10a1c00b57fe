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
import { formatAccuracy, formatDuration, formatSize, grouped } from '../quantities.js';

/** Adds the command. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('say where each network of a study is')
    .argument('<dir>', 'folder of a study')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer status demo')
    .action((dir: string, options: { json?: boolean }) => {
      const directory = resolve(dir);
      const folder = new StudyFolder(directory);
      const { study, networks } = expectPlanFile(folder);
      const states = folder.states(networks);
      const rows = networks.map((network) => rowOf(folder, network, states));
      const owner = studyLockOwner(directory);
      const live = owner === null ? null : readLive(directory, owner);
      for (const damage of folder.damage()) remark(`${colours.yellow('warning')} ${damage}`);
      const disk = bytesByKind(folderFiles(directory));
      if (options.json) {
        const bytes = Object.fromEntries(disk);
        const run = { runBy: owner, live };
        printJson({ study: study.name, ...run, counts: counts(rows), bytes, networks: rows });
      } else {
        const runBy =
          owner === null ? null : [`process ${owner.pid} on ${owner.host}`, ...liveWords(live)];
        print(`${text(study.name, rows, runBy)}\n${diskText(disk)}`);
      }
    });
}

interface Row {
  readonly name: string;
  readonly state: string;
  readonly accuracy: number | null;
  readonly iteration: number | null;
  readonly message: string | null;
}

function rowOf(
  folder: StudyFolder,
  { name }: PlanEntry,
  states: ReadonlyMap<string, RunState>,
): Row {
  const known = states.get(name) as RunState;
  const { state, record, message } = liveState(known, () => trainerOf(folder.directory, name));
  const last = folder.tests(name).at(-1);
  return {
    name,
    state,
    accuracy: record?.finalAccuracy ?? last?.testAccuracy ?? null,
    iteration: record?.iterations ?? last?.iteration ?? null,
    message,
  };
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
  const table = new Table({
    head: ['network', 'state', 'accuracy', 'iteration', ''],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, state, accuracy, iteration, message } of rows) {
    table.push([
      name,
      state,
      accuracy === null ? '' : formatAccuracy(accuracy),
      iteration ?? '',
      message?.split('\n')[0]?.slice(0, 60) ?? '',
    ]);
  }
  const summary = Object.entries(counts(rows)).map(([state, count]) => `${count} ${state}`);
  return `${table.toString()}\n${study}: ${summary.join(', ')} of ${rows.length}${runBy === null ? '' : `; being run by ${runBy.join(', ')}`}`;
}
