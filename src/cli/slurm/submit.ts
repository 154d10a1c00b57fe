// `run --on slurm`: what is missing of a study goes into the queue, and the command ends.
import { releaseHeld } from '../../launch/slurm/held.js';
import type { InFlight } from '../../launch/slurm/in-flight.js';
import type { ScriptSetting } from '../../launch/slurm/sbatch.js';
import { slurmLauncher } from '../../launch/slurm/submit.js';
import { packageFile } from '../../base/package-files.js';
import { passingWeights } from '../../study/run/passing-weights.js';
import { type RunOutcome, runStudy, type StudyEvent } from '../../study/run/run-study.js';
import type { SubmissionEndEvent } from '../../library/events.js';
import { listenForInterrupts } from '../interrupts.js';
import { colours, print, printJson, remark } from '../output.js';
import type { Training } from '../../library/train.js';
import type { SlurmPlace } from './place.js';

/** What the scripts of tasks are made of, for this Node and this package. */
export function scriptSetting(environment: NodeJS.ProcessEnv = process.env): ScriptSetting {
  const own = Object.entries(environment).filter(([name]) => name.startsWith('SELFFER_'));
  return {
    node: process.execPath,
    taskScript: packageFile('dist/cli/slurm/task.js'),
    environment: Object.fromEntries(own) as Readonly<Record<string, string>>,
  };
}

/** Submits what is missing. @returns how it ended, and the exit status unless all is done */
export async function submitPlan(
  training: Training,
  { settings, scheduler, flight }: SlurmPlace & { readonly flight: InFlight },
  asJson: boolean,
): Promise<{ readonly outcome: RunOutcome; readonly status: number | null }> {
  const { plan, directory } = training;
  const held = await releaseHeld(flight, scheduler);
  if (held.length > 0) {
    const message = `Slurm held ${held.join(', ')}, since it could not start there; let go of now`;
    if (asJson) printJson({ event: 'warning', message });
    else remark(message);
  }
  const tally = { networks: 0, tasks: 0, jobs: new Set<string>() };
  const warnings: string[] = [];
  const interrupts = listenForInterrupts(() => remark('\nsubmitting no more; the rest stays'));
  const launcher = slurmLauncher({
    ...{ study: plan.study.name, directory, scheduler, inFlight: flight },
    settings: { ...settings, cpusPerTask: training.engine.threads },
    setting: scriptSetting(),
    passingWeights: passingWeights(plan),
    onLimit: ({ limit, tasks, all }) => {
      if (tasks === 0) return; // the end says so
      const message = `Slurm takes no more jobs for now (${limit}): ${tasks} of ${all} tasks are submitted; after them the last job submits the other ${all - tasks}`;
      if (asJson) printJson({ event: 'warning', message });
      else warnings.push(message);
    },
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
    warnings.forEach(remark);
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
    const end =
      failure === null ? { outcome } : { outcome: 'failed' as const, message: failure.message };
    printJson({ event: 'end', ...end, directory, ...counts } satisfies SubmissionEndEvent);
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
