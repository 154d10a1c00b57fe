// What would be submitted: gangs as arrays, and what sbatch is called with for each.
import { SchedulerError } from '../../base/errors.js';
import type { SubmittedGang } from '../../study/run/launcher.js';
import { type PlannedArray, planArrays } from './arrays.js';
import type { TaskPart } from './comment.js';
import { type JobRequest, jobScript, sbatchArguments } from './sbatch.js';
import type { Scheduler } from './scheduler.js';
import type { SlurmOptions } from './options.js';
import { jobName, submissionFiles } from './submission.js';

/** One call of sbatch. */
export interface PlannedJob {
  readonly request: JobRequest;
  readonly args: readonly string[];
  readonly script: string;
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
  {
    directory,
    settings,
    setting,
    before,
  }: Pick<SlurmOptions, 'directory' | 'settings' | 'setting' | 'before'>,
  tag: string,
  { part, tasks, after }: { part: TaskPart; tasks: number; after: readonly string[] },
): PlannedJob {
  const logs = submissionFiles(directory, tag).logs(part !== 'finish');
  const { pauseSeconds = 0 } = before ?? {};
  const name = jobName(directory);
  const request = { jobName: name, tag, part, tasks, after, logs, directory, pauseSeconds };
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
