// Measures, in a process of its own, how fast this machine trains a study's network.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExecutorName, executorTable } from '../executors/names.js';
import { gangFlops } from '../study/needs/cost.js';
import { type Gang, gangJob } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import { writeJob } from '../train/job-file.js';
import type { StepRate } from '../train/step-rate.js';
import { workerScript } from '../library/worker-script.js';

const TIMEOUT_MS = 60_000;
// Of one step, by the assumed rate: large batches would take minutes.
const STEP_SECONDS = 0.1;

/** FLOPs a second of one base network of the plan; null if it cannot be measured here. */
export function measuredRate(
  plan: Plan,
  gang: Gang | undefined,
  executor: ExecutorName,
  threads: number,
): number | null {
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
    const rate = timedSteps(path, executor, threads);
    return rate === null ? null : (flopsOfStep(plan, base, batch) * rate.steps) / rate.seconds;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function flopsOfStep(plan: Plan, base: Plan['networks'][number], batch: number): number {
  const schedule = { ...base.schedule, batch, iterations: 1, testEvery: 1 };
  return gangFlops(plan.study.network, [{ ...base, schedule, valImages: 0 }]);
}

// A native library may crash, which must not take this process along.
function timedSteps(job: string, executor: ExecutorName, threads: number): StepRate | null {
  const { stdout } = spawnSync(process.execPath, [workerScript(), '--rate', job], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, ...executorTable[executor].environment(threads) },
  });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  return line === undefined ? null : (JSON.parse(line) as StepRate);
}
