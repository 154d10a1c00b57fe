// The worker's entry: `--job FILE` trains one gang on one executor, `--probe NAME` prints one line
// that says what an executor is. The parent has set OpenMP's environment before this process began.
import { UsageError } from '../base/errors.js';
import type { Executor } from '../executors/executor.js';
import { createOnednnExecutor } from '../executors/onednn/index.js';
import { createReferenceExecutor } from '../executors/reference/index.js';
import { hostWorker } from '../launch/worker-host.js';
import type { GangJob } from '../train/job.js';
import { readJob } from '../train/job-file.js';
import { readyPart } from '../train/ready-part.js';
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

const [option, value = '', ...rest] = process.argv.slice(2);
if (option === '--probe') {
  printProbe(() => createExecutor(value as GangJob['executor']).info);
} else {
  await hostWorker(rest.includes('--attached'), async ({ emit, shouldStop }) => {
    if (option !== '--job') throw new UsageError('worker: wanted --job FILE or --probe NAME');
    const { ready, skipped } = readyPart(readJob(value));
    if (skipped !== null) emit(skipped);
    if (ready === null) emit({ event: 'finished' });
    else await trainGang(ready, { executor: createExecutor(ready.executor), emit, shouldStop });
  });
}
