// The entry of Slurm's jobs: `task.js FOLDER TAG FIRST` trains the task of that submission that
// Slurm's index says, `task.js FOLDER TAG finish` writes results and report after all of them.
import { UsageError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import { Scheduler } from '../../launch/slurm/scheduler.js';
import { Requests, runTask } from '../../launch/slurm/task.js';
import { stageFolder, stageStores } from '../../launch/slurm/stage.js';
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
  say(`task ${id} on ${env['SLURMD_NODENAME'] ?? 'a node'}, start ${starts + 1}`);
  const cpus = Number(env['SLURM_CPUS_PER_TASK'] ?? 0);
  return runTask(
    {
      ...{ directory, tag, task: Number(part) + Number(index), id, starts },
      cpus: cpus > 0 ? cpus : null,
      worker: { workerScript: workerScript() },
      scheduler: new Scheduler(),
      prepare: (job) =>
        stage === '' ? Promise.resolve(job) : stageStores(job, stageFolder(stage, env), say),
      onEvent: logEvent,
      say,
    },
    requests,
  );
}
