// `run --on slurm`: what is missing of a study goes into the queue, and the command ends.
import type { InFlight } from '../../launch/slurm/in-flight.js';
import { USUAL_CPUS, type ScriptSetting } from '../../launch/slurm/sbatch.js';
import type { Scheduler } from '../../launch/slurm/scheduler.js';
import { slurmLauncher } from '../../launch/slurm/submit.js';
import { packageFile } from '../../base/package-files.js';
import type { ClusterSettings } from '../../study/cluster/settings.js';
import { type GangLimits, largestGang } from '../../study/plan/gangs.js';
import { passingWeights } from '../../study/run/passing-weights.js';
import { type RunOutcome, runStudy, type StudyEvent } from '../../study/run/run-study.js';
import { listenForInterrupts } from '../interrupts.js';
import { colours, print, printJson, remark } from '../output.js';
import { defaultMemoryBytes, parseSize } from '../quantities.js';
import type { Training } from '../train-plan.js';

/** Of the memory that Slurm gives a task, its networks take so much at most. */
const MEMORY_SHARE = 0.8;

/** Threads of a task: its processors. */
export function threadsOfTask(settings: ClusterSettings, asked: number | undefined): number {
  return settings.cpusPerTask ?? asked ?? USUAL_CPUS;
}

/** How large a task's gang may be. @param asked bytes that --memory says */
export function limitsOfTask(settings: ClusterSettings, asked: number | undefined): GangLimits {
  const { mem } = settings;
  // Slurm counts in megabytes where no letter says otherwise.
  const given = mem === undefined ? null : parseSize(/\d$/.test(mem) ? `${mem}M` : mem);
  return {
    memoryBytes: asked ?? (given === null ? defaultMemoryBytes() : MEMORY_SHARE * given),
    networks: settings.networksPerTask ?? largestGang,
  };
}

/** What the scripts of tasks are made of, for this Node and this package. */
export function scriptSetting(environment: NodeJS.ProcessEnv = process.env): ScriptSetting {
  const own = Object.entries(environment).filter(([name]) => name.startsWith('SELFFER_'));
  return {
    node: process.execPath,
    taskScript: packageFile('dist/cli/slurm/task.js'),
    environment: Object.fromEntries(own) as Readonly<Record<string, string>>,
  };
}

/** Where a study's tasks go. */
export interface SlurmPlace {
  readonly settings: ClusterSettings;
  readonly scheduler: Scheduler;
  readonly flight: InFlight;
}

/** Submits what is missing. @returns how it ended, and the exit status unless all is done */
export async function submitPlan(
  training: Training,
  { settings, scheduler, flight }: SlurmPlace,
  asJson: boolean,
): Promise<{ readonly outcome: RunOutcome; readonly status: number | null }> {
  const { plan, directory } = training;
  const tally = { networks: 0, tasks: 0, jobs: new Set<string>() };
  const interrupts = listenForInterrupts(() => remark('\nsubmitting no more; the rest stays'));
  const launcher = slurmLauncher({
    ...{ study: plan.study.name, directory, scheduler, inFlight: flight },
    settings: { ...settings, cpusPerTask: training.engine.threads },
    setting: scriptSetting(),
    passingWeights: passingWeights(plan),
    onProgress: (tasks, all) => {
      if (!asJson && process.stderr.isTTY)
        process.stderr.write(`\rsubmitted ${tasks} of ${all} tasks`);
    },
  });
  const onEvent = (event: StudyEvent): void => {
    if (asJson) printJson(event);
    if (event.event !== 'submitted') return;
    tally.networks += event.networks.length;
    tally.tasks += 1;
    tally.jobs.add(event.job.replace(/_.*/, ''));
  };
  try {
    const outcome = await runStudy({ ...training, launcher, onEvent, stop: interrupts.stop });
    if (outcome.outcome === 'finished') return { outcome, status: null };
    if (!asJson && process.stderr.isTTY && tally.tasks > 0) process.stderr.write('\n');
    const counts = { networks: tally.networks, tasks: tally.tasks, jobs: [...tally.jobs] };
    sayEnd(training, outcome, { ...counts, earlier: flight.networks.size }, asJson);
    if (outcome.failure !== null) return { outcome, status: 1 };
    return { outcome, status: outcome.outcome === 'stopped' ? 130 : 0 };
  } finally {
    interrupts.dispose();
  }
}

interface Counts {
  readonly networks: number;
  readonly tasks: number;
  readonly jobs: readonly string[];
  readonly earlier: number;
}

function sayEnd(
  { directory }: Training,
  { outcome, failure }: RunOutcome,
  { networks, tasks, jobs, earlier }: Counts,
  asJson: boolean,
): void {
  if (asJson) {
    const counts = { networks, tasks, jobs, inFlight: earlier };
    const end = failure === null ? { outcome } : { outcome: 'failed', message: failure.message };
    printJson({ event: 'end', ...end, directory, ...counts });
    return;
  }
  const list = jobs.length <= 6 ? jobs.join(', ') : `${jobs[0]} to ${jobs.at(-1)}`;
  const before = earlier === 0 ? '' : `; ${earlier} were in the queue already`;
  print(
    tasks === 0
      ? `nothing new to submit${before}`
      : `submitted ${networks} networks in ${tasks} tasks (jobs ${list})${before}`,
  );
  if (failure !== null) {
    remark(`${colours.red('failed')} ${failure.message}`);
    if (failure.hint !== undefined) remark(colours.dim(failure.hint));
    remark('the same command submits what is missing, once Slurm takes it');
    return;
  }
  print(
    `\`selffer status ${directory}\` shows them, \`selffer cancel ${directory}\` ends them; the last job writes ${directory}/report.html`,
  );
}
