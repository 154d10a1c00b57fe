// The entry of Slurm's jobs: `task.js FOLDER TAG FIRST` trains the task of that submission that
// Slurm's index says, `task.js FOLDER TAG finish` writes results and report after all of them.
import { SchedulerError, UsageError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import { inFlight, isLastOn } from '../../launch/slurm/in-flight.js';
import { Scheduler } from '../../launch/slurm/scheduler.js';
import { Requests, runTask } from '../../launch/slurm/task.js';
import { removeStaged, stageFolder, stageStores } from '../../launch/slurm/stage.js';
import type { GangJob } from '../../train/job.js';
import { printError } from '../output.js';
import { workerScript } from '../../library/worker-script.js';
import { finishSubmission } from './finish.js';
import { logEvent, say } from './task-log.js';

const requests = new Requests();
requests.listen();
const [directory = '', tag = '', part = '', stage = ''] = process.argv.slice(2);
try {
  process.exitCode = await work();
} catch (error) {
  printError(systemError(error) ?? error, false);
  process.exitCode = 1;
}

function work(): Promise<number> {
  const { env } = process;
  if (part === 'finish') return finishSubmission(directory, tag, new Scheduler());
  const [array, index] = [env['SLURM_ARRAY_JOB_ID'], env['SLURM_ARRAY_TASK_ID']];
  if (array === undefined || index === undefined || !/^\d+$/.test(part)) {
    throw new UsageError(
      'task: wanted FOLDER TAG FIRST|finish, and the variables that Slurm sets for a task of an array',
    );
  }
  const id = `${array}_${index}`;
  const starts = Number(env['SLURM_RESTART_COUNT'] ?? 0);
  const node = env['SLURMD_NODENAME'];
  say(`task ${id} on ${node ?? 'a node'}, start ${starts + 1}`);
  const cpus = Number(env['SLURM_CPUS_PER_TASK'] ?? 0);
  const scheduler = new Scheduler();
  const training = (prepare: (job: GangJob) => Promise<GangJob>): Promise<number> =>
    runTask(
      {
        ...{ directory, tag, task: Number(part) + Number(index), id, starts },
        cpus: cpus > 0 ? cpus : null,
        worker: { workerScript: workerScript() },
        ...{ scheduler, prepare, say, onEvent: logEvent },
      },
      requests,
    );
  if (stage === '') return training((job) => Promise.resolve(job));
  return trainStaged(training, { id, node, scheduler });
}

/** Trains from copies on the node's disk, which the last task there removes. */
async function trainStaged(
  training: (prepare: (job: GangJob) => Promise<GangJob>) => Promise<number>,
  { id, node, scheduler }: { id: string; node: string | undefined; scheduler: Scheduler },
): Promise<number> {
  let staged: { readonly job: GangJob; readonly at: number } | null = null;
  const status = await training(async (job) => {
    const own = await stageStores(job, stageFolder(stage, process.env), say);
    staged = { job: own, at: Date.now() };
    return own;
  });
  // One that goes back into the queue needs them again.
  if (staged === null || status !== 0 || node === undefined) return status;
  const { job, at } = staged as { readonly job: GangJob; readonly at: number };
  try {
    const flight = await inFlight(directory, scheduler);
    if (isLastOn(node, id, flight)) removeStaged(job, at, say);
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    say(`the copies stay: ${error.message}`);
  }
  return status;
}
