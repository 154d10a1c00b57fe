// The worker's entry: `--job FILE` trains one gang on one executor, `--probe NAME` prints one line
// that says what an executor is, `--rate FILE [SECONDS]` one with the time that steps take,
// `--features FILE` computes features of images, `--measure FILE` measures trained networks. The
// parent has set the environment that the executor needs before this process began.
import { UsageError } from '../base/errors.js';
import { hostWorker } from '../launch/worker-host.js';
import type { MeasureEvent } from '../measure/events.js';
import { readMeasureJob } from '../measure/job.js';
import { measurePlace } from '../measure/measure-place.js';
import type { WorkerEvent } from '../train/events.js';
import { readJob } from '../train/job-file.js';
import { readyPart } from '../train/ready-part.js';
import { stepRate } from '../train/step-rate.js';
import { trainGang } from '../train/train-gang.js';
import { computeFeatures, readFeatureJob } from '../train/forward/feature-job.js';
import { openExecutor } from './executors.js';
import { printProbe } from '../library/probe-answer.js';

const [option, value = '', ...rest] = process.argv.slice(2);
if (option === '--probe') {
  await printProbe(async () => (await openExecutor(value)).info);
} else if (option === '--rate') {
  const job = readJob(value);
  const seconds = rest[0] === undefined ? [] : [Number(rest[0])];
  const rate = await stepRate(job, await openExecutor(job.executor), ...seconds);
  process.stdout.write(`${JSON.stringify(rate)}\n`);
} else if (option === '--features') {
  await hostWorker(rest.includes('--attached'), async ({ emit }) => {
    const job = readFeatureJob(value);
    await computeFeatures(job, await openExecutor(job.executor));
    emit({ event: 'finished' });
  });
} else if (option === '--measure') {
  await hostWorker<MeasureEvent>(rest.includes('--attached'), async (host) => {
    const job = readMeasureJob(value);
    await measurePlace(job, { ...host, executor: await openExecutor(job.executor) });
  });
} else {
  await hostWorker<WorkerEvent>(rest.includes('--attached'), async ({ emit, shouldStop }) => {
    if (option !== '--job')
      throw new UsageError(
        'worker: wanted --job FILE, --features FILE, --measure FILE, --probe NAME or --rate FILE',
      );
    const { ready, skipped } = readyPart(readJob(value));
    if (skipped !== null) emit(skipped);
    if (ready === null) emit({ event: 'finished' });
    else {
      const executor = await openExecutor(ready.executor);
      await trainGang(ready, { executor, emit, shouldStop });
    }
  });
}
