// What sbatch is called with, and the script that it is given. Pure: the same request gives the
// same text.
import { UsageError } from '../../base/errors.js';
import { clusterKeys, type ClusterSettings, clusterTable } from '../../study/cluster/settings.js';
import { commentText, type TaskPart } from './comment.js';

/** Processors of a task where nobody says how many: the threads that a network fills well. */
export const USUAL_CPUS = 8;
const USUAL_SAVE_BEFORE = 120;

/** What is submitted. */
export interface JobRequest {
  readonly jobName: string;
  readonly tag: string;
  /** Number of the first task, or the job that finishes. */
  readonly part: TaskPart;
  /** Tasks of the array; the job that finishes is not one. */
  readonly tasks: number;
  /** What must have ended, however: "12_3", or "12" for a whole array. */
  readonly after: readonly string[];
  readonly logs: string;
  /** The study's folder. */
  readonly directory: string;
  /** How long Slurm waits at least before it starts them. */
  readonly pauseSeconds: number;
}

/** What the script of every job has in common. */
export interface ScriptSetting {
  /** Absolute paths of Node and of the script that trains a task. */
  readonly node: string;
  readonly taskScript: string;
  /** Variables that the submitting process was given and a task needs. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Arguments of sbatch, but for the script's path.
 *  @throws UsageError for a further option that is ours to set */
export function sbatchArguments(request: JobRequest, settings: ClusterSettings): readonly string[] {
  const { jobName, tag, part, tasks, after, logs, directory, pauseSeconds } = request;
  const isFinish = part === 'finish';
  const limit = settings.arrayLimit === undefined ? '' : `%${settings.arrayLimit}`;
  return [
    '--parsable',
    `--job-name=${jobName}`,
    `--comment=${commentText({ tag, part })}`,
    ...(isFinish ? [] : [`--array=0-${tasks - 1}${limit}`]),
    ...(after.length === 0 ? [] : [`--dependency=afterany:${after.join(':')}`]),
    ...(isFinish || pauseSeconds === 0 ? [] : [`--begin=now+${pauseSeconds}`]),
    ...['--nodes=1', '--ntasks=1', `--chdir=${directory}`],
    ...[`--output=${logs}`, '--open-mode=append', '--requeue'],
    // Not USR1, at which Node opens its debugger.
    ...(isFinish ? [] : [`--signal=B:USR2@${settings.saveBefore ?? USUAL_SAVE_BEFORE}`]),
    ...resources({ ...settings, cpusPerTask: settings.cpusPerTask ?? USUAL_CPUS }, isFinish),
    ...extraOptions(settings.sbatch ?? []),
  ];
}

// The report needs one processor, and no card.
function resources(settings: ClusterSettings, isFinish: boolean): readonly string[] {
  return clusterKeys.flatMap((key) => {
    const { option } = clusterTable[key];
    const value = settings[key];
    if (option === null || value === undefined || (isFinish && key === 'gres')) return [];
    return [`${option}=${isFinish && key === 'cpusPerTask' ? 1 : String(value)}`];
  });
}

const owned = new Map(
  [
    ['array', 'a'],
    ['dependency', 'd'],
    ['job-name', 'J'],
    ['output', 'o'],
    ['error', 'e'],
    ['chdir', 'D'],
    ['comment'],
    ['signal'],
    ['requeue'],
    ['no-requeue'],
    ['open-mode'],
    ['parsable'],
    ['wait', 'W'],
    ['wrap'],
    ['test-only'],
    ['ntasks', 'n'],
    ['nodes', 'N'],
    ['clusters', 'M'],
    ['hold', 'H'],
  ].flatMap(([long = '', short]) => [
    [`--${long}`, long],
    ...(short === undefined ? [] : [[`-${short}`, long] as const]),
  ]) as [string, string][],
);

/** Further options of sbatch, a word each. @throws UsageError for one that is ours to set */
export function extraOptions(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap(wordsOf);
  for (const word of words) {
    const name = word.startsWith('--') ? word.split('=')[0] : word.slice(0, 2);
    const taken = owned.get(name ?? '');
    if (taken === undefined) continue;
    throw new UsageError(`--sbatch ${JSON.stringify(word)}: --${taken} is for selffer to set`, {
      hint: 'Leave it out: arrays, dependencies, logs, signals and requeueing are how a study is kept track of.',
    });
  }
  return words;
}

/** Words as a shell divides them, with quotes and without anything else of a shell. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The script of a job. Its tasks differ only in the number that Slurm gives each. */
export function jobScript(
  request: JobRequest,
  args: readonly string[],
  setting: ScriptSetting,
  settings: ClusterSettings,
): string {
  const { directory, tag, part } = request;
  const stage = settings.stage === undefined || part === 'finish' ? [] : [settings.stage];
  const call = [setting.node, setting.taskScript, directory, tag, String(part), ...stage];
  const cpus = settings.cpusPerTask ?? USUAL_CPUS;
  // Images are decoded in a pool of 4 threads unless this says otherwise before Node starts.
  const pool = cpus > 4 ? { UV_THREADPOOL_SIZE: String(cpus) } : {};
  const variables = { ...pool, ...setting.environment };
  return [
    '#!/bin/bash',
    '# Written by selffer, and submitted with:',
    `# sbatch ${args.map(quoted).join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(settings.setup ?? []),
    // Node in place of the shell: Slurm's signals reach it.
    `exec ${call.map(quoted).join(' ')}`,
    '',
  ].join('\n');
}
