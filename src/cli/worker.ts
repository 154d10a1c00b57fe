// The worker's entry: one gang on one executor, or with --probe one line that says what the
// executor is. The parent has set the environment that the executor needs before this process
// began.
import { hostWorker } from '../launch/worker-host.js';
import { trainGang } from '../train/train-gang.js';
import { openExecutor } from './executors.js';
import { printProbe } from './probe-answer.js';

const [option, name = ''] = process.argv.slice(2);
if (option === '--probe') {
  await printProbe(async () => (await openExecutor(name)).info);
} else {
  await hostWorker(async (job, { emit, shouldStop }) =>
    trainGang(job, { executor: await openExecutor(job.executor), emit, shouldStop }),
  );
}
