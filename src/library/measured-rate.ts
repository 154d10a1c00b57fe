// Measures, in processes of their own, how fast this machine trains a study's network.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ExecutorName, executorTable } from '../executors/names.js';
import { gangFlops } from '../study/needs/cost.js';
import { type Gang, gangJob } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import type { Share } from '../study/store/calibration-file.js';
import { writeJob } from '../train/job-file.js';
import type { StepRate } from '../train/step-rate.js';
import { workerScript } from './worker-script.js';

const TIMEOUT_MS = 60_000;
// Of one step, by the assumed rate: large batches would take minutes.
const STEP_SECONDS = 0.1;
// Several processes do not begin at the same moment.
const SECONDS_TOGETHER = 3;

/** FLOPs a second of one base network of the plan; null if it cannot be measured here. */
export function measuredRate(
  plan: Plan,
  gang: Gang | undefined,
  executor: ExecutorName,
  threads: number,
): Promise<number | null> {
  return measuredRateOfAll(plan, gang, executor, { workers: 1, threads });
}

/** FLOPs a second of as many workers together, each of which trains that base by itself; null if it
 *  cannot be measured here. */
export async function measuredRateOfAll(
  plan: Plan,
  gang: Gang | undefined,
  executor: ExecutorName,
  { workers, threads }: Share,
): Promise<number | null> {
  const base = plan.networks.find(({ phase, target }) => {
    return phase === 'base' && gang?.networks.some((each) => each.target === target);
  });
  if (gang === undefined || base === undefined) return null;
  const perImage = flopsOfStep(plan, base, 1);
  const assumed = executorTable[executor].assumedFlopsPerSecond(threads);
  const fitting = Math.max(1, Math.floor((STEP_SECONDS * assumed) / perImage));
  const batch = Math.min(base.schedule.batch, fitting);
  const directory = mkdtempSync(join(tmpdir(), 'selffer-rate-'));
  try {
    const one = { ...gang, networks: [base] };
    const job = gangJob(plan, one, directory, {
      ...{ executor, precision: plan.study.precision, exact: false, threads },
      ...{ checkpointEverySeconds: 1e9, loaders: 0, profile: false },
    });
    const path = writeJob({ ...job, schedule: { ...job.schedule, batch } });
    const seconds = workers === 1 ? [] : [String(SECONDS_TOGETHER)];
    const args = [workerScript(), '--rate', path, ...seconds];
    const rates = await Promise.all(
      Array.from({ length: workers }, () => timedSteps(args, executor, threads)),
    );
    const flops = flopsOfStep(plan, base, batch);
    return rates.reduce<number | null>(
      (sum, rate) =>
        sum === null || rate === null ? null : sum + (flops * rate.steps) / rate.seconds,
      0,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function flopsOfStep(plan: Plan, base: Plan['networks'][number], batch: number): number {
  const schedule = { ...base.schedule, batch, iterations: 1, testEvery: 1 };
  return gangFlops(plan.study.network, [{ ...base, schedule, valImages: 0 }]);
}

// A native library may crash, which must not take this process along.
async function timedSteps(
  args: readonly string[],
  executor: ExecutorName,
  threads: number,
): Promise<StepRate | null> {
  const env = { ...process.env, ...executorTable[executor].environment(threads) };
  const limits = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', env } as const;
  const said = promisify(execFile)(process.execPath, args, limits).catch(
    // What ends badly after its line, when libraries unload, was timed all the same.
    (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  const line = (await said).stdout.split('\n').find((text) => text.startsWith('{'));
  return line === undefined ? null : (JSON.parse(line) as StepRate);
}
