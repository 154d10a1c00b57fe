// The worker's entry: one gang on one executor, or with --probe one line that says what the
// executor is. The parent has set OpenMP's environment before this process began.
import { UsageError } from '../base/errors.js';
import type { Executor } from '../executors/executor.js';
import { createOnednnExecutor } from '../executors/onednn/index.js';
import { createReferenceExecutor } from '../executors/reference/index.js';
import { hostWorker } from '../launch/worker-host.js';
import type { GangJob } from '../train/job.js';
import { trainGang } from '../train/train-gang.js';
import { printProbe } from './probe-answer.js';

function createExecutor(name: GangJob['executor']): Executor {
  switch (name) {
    case 'onednn':
      return createOnednnExecutor();
    case 'reference':
      return createReferenceExecutor();
    default:
      throw new UsageError(`worker: no executor is called ${String(name)}`);
  }
}

const [option, name] = process.argv.slice(2);
if (option === '--probe') {
  printProbe(() => createExecutor(name as GangJob['executor']).info);
} else {
  await hostWorker((job, { emit, shouldStop }) =>
    trainGang(job, { executor: createExecutor(job.executor), emit, shouldStop }),
  );
}
