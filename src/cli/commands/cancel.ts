// `selffer cancel DIR`: takes the jobs of a study out of the queue.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Cancelled, cancelJobs } from '../../launch/slurm/cancel.js';
import { inFlight } from '../../launch/slurm/in-flight.js';
import type { QueuedJob } from '../../launch/slurm/queue.js';
import { Scheduler } from '../../launch/slurm/scheduler.js';
import { StudyFolder } from '../../study/run/folder.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { colours, print, printJson, remark } from '../output.js';

/** Adds the command. */
export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('take the jobs of a study out of the queue of Slurm')
    .argument('<dir>', 'folder of a study')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Jobs that wait are cancelled; those at work are asked to save, and end then. What is trained stays:
\`selffer run --on slurm\` submits what is missing.

Example:
  selffer cancel demo`,
    )
    .action(async (dir: string, options: { json?: boolean }) => {
      process.exitCode = await cancel(resolve(dir), options.json ?? false);
    });
}

async function cancel(directory: string, asJson: boolean): Promise<number> {
  expectPlanFile(new StudyFolder(directory));
  const scheduler = new Scheduler();
  const flight = await inFlight(directory, scheduler);
  const gone = await cancelJobs(directory, flight, scheduler);
  if (asJson) {
    const ids = (jobs: readonly QueuedJob[]): readonly string[] => jobs.map(({ id }) => id);
    const { refusals } = gone;
    printJson({ directory, cancelled: ids(gone.waiting), saving: ids(gone.running), refusals });
  } else {
    print(text(gone));
    for (const refusal of gone.refusals) remark(`${colours.red('failed')} ${refusal}`);
  }
  return gone.refusals.length === 0 ? 0 : 1;
}

function text({ waiting, running, refusals }: Cancelled): string {
  if (waiting.length + running.length === 0) return 'no job of it is in the queue';
  const verb = refusals.length === 0 ? 'cancelled' : 'tried to cancel';
  return [
    `${verb} ${counted(waiting.length, 'job')} that waited${listed(waiting)}`,
    `${counted(running.length, 'job')} at work ${running.length === 1 ? 'is' : 'are'} asked to save and end${listed(running)}`,
  ].join('\n');
}

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

function listed(jobs: readonly QueuedJob[]): string {
  if (jobs.length === 0) return '';
  const shown = jobs.slice(0, 8).map(({ id }) => id);
  return `: ${shown.join(', ')}${jobs.length > shown.length ? ', ...' : ''}`;
}
