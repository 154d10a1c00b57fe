// A submission: what one `run --on slurm` gave to the queue. Its folder in the study's has
// tasks.json, a job file for each task, the scripts as submitted, and the logs. The shared folder
// is all that the submitting process and the tasks have in common.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { userInfo, hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import {
  type Check,
  count,
  flag,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  someObject,
  text,
} from '../../base/checks.js';
import { readChecked } from '../../base/json-file.js';
import { onFile } from '../../base/system-error.js';
import type { ClusterSettings } from '../../study/cluster/settings.js';
import { JOBS } from '../../train/job-file.js';
import type { GangJob } from '../../train/job.js';

/** A network of a task: whose settings its job file has. */
interface TaskNetwork {
  readonly name: string;
  readonly identity: string;
}

/** A task: a gang to train. Its number is its place in the list. */
export interface Task {
  readonly gang: string;
  readonly networks: readonly TaskNetwork[];
}

/** An array of tasks that wait for the same. */
export interface SubmittedArray {
  /** Number of its first task; the others follow. */
  readonly first: number;
  readonly tasks: number;
  /** Number of the job, as Slurm gave it. */
  readonly job: string;
}

/** tasks.json. */
export interface Submission {
  readonly schema: 'selffer.slurm/1';
  readonly study: string;
  readonly tasks: readonly Task[];
  /** Networks whose weights go once nothing is left that would copy them. */
  readonly passingWeights: readonly string[];
  /** What its tasks ask for, and those that are submitted in their place; submissions of earlier
   *  versions lack it. */
  readonly settings?: ClusterSettings;
}

/** submitted.json, written when all is submitted, or as much as Slurm took. */
export interface Submitted {
  readonly by: string;
  readonly host: string;
  readonly time: string;
  readonly arrays: readonly SubmittedArray[];
  /** The job that writes results and report; null if there is none. */
  readonly finish: string | null;
  /** Slurm took no more: the finishing job submits the other tasks. Left out: it does not. */
  readonly goesOn?: boolean;
}

const submissionCheck: Check<Submission> = objectOf<Submission>({
  schema: oneOf('selffer.slurm/1'),
  study: text,
  tasks: listOf(
    objectOf<Task>({
      gang: text,
      networks: listOf(objectOf<TaskNetwork>({ name: text, identity: text })),
    }),
  ),
  passingWeights: listOf(text),
  settings: optional(someObject<ClusterSettings>()),
});

const submittedCheck: Check<Submitted> = objectOf<Submitted>({
  by: text,
  host: text,
  time: text,
  arrays: listOf(objectOf<SubmittedArray>({ first: count, tasks: count, job: text })),
  finish: orNull(text),
  goesOn: optional(flag),
});

/** Folders of what only tasks need. */
const PARTS = ['gangs', 'attempts'] as const;

/** Folder of a study's submissions. */
const submissionsPath = (directory: string): string => join(directory, JOBS, 'slurm');

/** Paths of a submission's files. */
export interface SubmissionFiles {
  readonly folder: string;
  readonly tasks: string;
  readonly submitted: string;
  /** There once somebody has cancelled it: its tasks queue themselves no more. */
  readonly cancelled: string;
  readonly job: (task: number) => string;
  readonly attempts: (task: number) => string;
  readonly script: (part: number | 'finish') => string;
  /** As sbatch takes it: with its own letters for job and index. */
  readonly logs: (isArray: boolean) => string;
}

/** Where the files of the submission `tag` lie. */
export function submissionFiles(directory: string, tag: string): SubmissionFiles {
  const folder = join(submissionsPath(directory), tag);
  return {
    folder,
    tasks: join(folder, 'tasks.json'),
    submitted: join(folder, 'submitted.json'),
    cancelled: join(folder, 'cancelled'),
    job: (task) => join(folder, 'gangs', `${task}.json`),
    attempts: (task) => join(folder, 'attempts', `${task}.json`),
    script: (part) => join(folder, `${part}.sh`),
    logs: (isArray) => join(folder.replaceAll('%', '%%'), isArray ? '%A_%a.log' : '%j.log'),
  };
}

/** A name for a new submission: "20261127-171835-9f3c". */
export function newTag(now = new Date()): string {
  const digits = now.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString('hex')}`;
}

/** Name of all jobs of the study in a folder, whoever submits them, by whatever path. */
export function jobName(directory: string): string {
  const real = existsSync(directory) ? realpathSync(directory) : directory;
  return `selffer-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`;
}

/** Tags of all submissions of a study's folder, oldest first. */
export function submissionTags(directory: string): readonly string[] {
  const path = submissionsPath(directory);
  if (!existsSync(path)) return [];
  const isWhole = (tag: string): boolean => existsSync(submissionFiles(directory, tag).tasks);
  return onFile(path, () => readdirSync(path))
    .filter(isWhole)
    .sort();
}

/** Writes tasks.json and a job file for each task. @throws FileError */
export function writeSubmission(
  directory: string,
  tag: string,
  content: Omit<Submission, 'schema'>,
  jobs: readonly GangJob[],
): SubmissionFiles {
  const files = submissionFiles(directory, tag);
  onFile(files.folder, () => {
    for (const part of ['gangs', 'attempts'])
      mkdirSync(join(files.folder, part), { recursive: true });
  });
  jobs.forEach((job, task) => writeFileAtomic(files.job(task), `${JSON.stringify(job)}\n`));
  const { tasks, ...head } = content;
  const lines = tasks.map((task) => `\n  ${JSON.stringify(task)}`).join(',');
  const opening = JSON.stringify({ schema: 'selffer.slurm/1', ...head }).slice(0, -1);
  writeFileAtomic(files.tasks, `${opening}, "tasks": [${lines}\n]}\n`);
  return files;
}

/** Notes which jobs Slurm made of a submission. */
export function writeSubmitted(
  files: SubmissionFiles,
  jobs: Pick<Submitted, 'arrays' | 'finish' | 'goesOn'>,
): void {
  const by = userInfo().username;
  const content = { by, host: hostname(), time: new Date().toISOString(), ...jobs };
  writeFileAtomic(files.submitted, `${JSON.stringify(content, null, 1)}\n`);
}

const HINT =
  'Cancel its jobs (scancel), remove that folder, and run the same command again: it submits what is missing.';

/** tasks.json of a submission; null if it is not there. @throws RunStoreError if it is damaged */
export function readSubmission(directory: string, tag: string): Submission | null {
  return readChecked(submissionFiles(directory, tag).tasks, submissionCheck, HINT);
}

/** submitted.json of a submission; null if it is not there.
 *  @throws RunStoreError if it is damaged */
export function readSubmitted(directory: string, tag: string): Submitted | null {
  return readChecked(submissionFiles(directory, tag).submitted, submittedCheck, HINT);
}

/** Removes what only tasks need, of a submission that has none in the queue: a later one writes its
 *  own. Scripts and logs stay. */
export function removeJobFiles(directory: string, tag: string): void {
  const { folder } = submissionFiles(directory, tag);
  for (const part of PARTS) rmSync(join(folder, part), { recursive: true, force: true });
}
