// `run --on slurm --dry-run`: the arrays, the scripts, and who set what; nothing is submitted and
// the folder stays as it is.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inFlight, nothingInFlight } from '../../launch/slurm/in-flight.js';
import type { PlannedArray } from '../../launch/slurm/arrays.js';
import type { Scheduler } from '../../launch/slurm/scheduler.js';
import { plannedArrays, type PlannedJob, plannedJob } from '../../launch/slurm/planned.js';
import { isMissing } from '../../launch/slurm/scheduler.js';
import {
  clusterKeys,
  type ClusterSettings,
  type ClusterSources,
} from '../../study/cluster/settings.js';
import { divideIntoGangs, type Engine, type GangLimits } from '../../study/plan/gangs.js';
import type { Plan } from '../../study/plan/plan.js';
import { networksToTrain } from '../../study/run/run-study.js';
import { submittedGangs } from '../../study/run/submitted-gangs.js';
import { print, printJson, remark } from '../output.js';
import { scriptSetting } from './submit.js';

/** What would be submitted. */
export interface SlurmDryRun {
  readonly plan: Plan;
  readonly directory: string;
  readonly only: (network: { readonly name: string }) => boolean;
  readonly limits: GangLimits;
  readonly engine: Engine;
  readonly settings: ClusterSettings;
  readonly setBy: ClusterSources;
  readonly scheduler: Scheduler;
}

/** A tag such as a submission will have. */
const SOME_TAG = '20260101-000000-0000';

/** Prints it. @returns the exit status */
export async function slurmDryRun(request: SlurmDryRun, asJson: boolean): Promise<number> {
  const { plan, directory, only, limits, engine, scheduler } = request;
  const settings = { ...request.settings, cpusPerTask: engine.threads };
  const flight = await flightOrNothing(directory, scheduler);
  const isElsewhere = (name: string): boolean => flight.networks.has(name);
  const isKnown = existsSync(join(directory, 'plan.json'));
  const todo = isKnown
    ? networksToTrain({ plan, directory, only, isElsewhere })
    : networksToTrain({ plan, directory: join(directory, 'nothing'), only });
  const gangs = divideIntoGangs(plan, todo, limits);
  const submitted = submittedGangs(plan, gangs, directory, engine);
  const arrays = await plannedArrays({ scheduler, inFlight: flight }, submitted);
  const place = { directory, settings, setting: scriptSetting() };
  const jobs = arrays.map((array) =>
    plannedJob(place, SOME_TAG, {
      part: array.first,
      tasks: array.gangs.length,
      after: [...array.after.map((task) => nameOf(arrays, task)), ...array.afterJobs],
    }),
  );
  const all = arrays.map(({ first }) => `JOB${first}`);
  if (jobs.length > 0)
    jobs.push(plannedJob(place, SOME_TAG, { part: 'finish', tasks: 0, after: all }));
  const sources = sourcesOf(settings, request.setBy);
  const counts = { networks: todo.length, tasks: submitted.length, inFlight: flight.networks.size };
  if (asJson) {
    const scripts = jobs.map(({ args, script }) => ({ args, script }));
    printJson({ study: plan.study.name, directory, ...counts, settings, setBy: sources, scripts });
  } else print(textOf(request, counts, sources, jobs));
  return 0;
}

/** A task that another waits for, before Slurm has numbered its job. */
function nameOf(arrays: readonly PlannedArray[], task: number): string {
  const own = arrays.find(({ first, gangs }) => task >= first && task < first + gangs.length);
  return `JOB${own?.first}_${task - (own?.first ?? 0)}`;
}

async function flightOrNothing(directory: string, scheduler: Scheduler) {
  try {
    return await inFlight(directory, scheduler);
  } catch (error) {
    if (!isMissing(error)) throw error;
    remark('the queue cannot be seen from here: what is in it already counts as missing');
    return nothingInFlight;
  }
}

function sourcesOf(settings: ClusterSettings, setBy: ClusterSources): Record<string, string> {
  return Object.fromEntries(
    clusterKeys
      .filter((key) => settings[key] !== undefined)
      .map((key) => [
        key,
        setBy[key] ?? (key === 'cpusPerTask' ? '--threads or default' : 'default'),
      ]),
  );
}

function textOf(
  { plan, settings, engine }: SlurmDryRun,
  counts: { networks: number; tasks: number; inFlight: number },
  sources: Readonly<Record<string, string>>,
  jobs: readonly PlannedJob[],
): string {
  const values = { ...settings, cpusPerTask: engine.threads };
  const queue = counts.inFlight === 0 ? '' : `; ${counts.inFlight} are in the queue already`;
  return [
    `${plan.study.name}: ${counts.networks} of ${plan.networks.length} networks to submit, ${counts.tasks} tasks in ${Math.max(0, jobs.length - 1)} arrays${queue}`,
    ...clusterKeys
      .filter((key) => sources[key] !== undefined)
      .map((key) => `  ${key.padEnd(16)} ${String(values[key])} (${sources[key]})`),
    // JOB0 stands for the number that Slurm will give the array whose first task is number 0.
    ...jobs.map(({ request, script }) => `\n--- ${request.part}.sh\n${script.trimEnd()}`),
  ].join('\n');
}
