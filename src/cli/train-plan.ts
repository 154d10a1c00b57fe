// Training networks of a plan on this machine, shown on the terminal or as JSON lines, until it is
// done or Ctrl-C.
import type { Precision } from '../executors/executor.js';
import type { ExecutorName } from '../executors/names.js';
import { localLauncher } from '../launch/local.js';
import { gangFlops } from '../study/needs/cost.js';
import { divideIntoGangs, type Engine, type Gang, type GangLimits } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import {
  networksToTrain,
  type RunOutcome,
  runStudy,
  type StudyEvent,
} from '../study/run/run-study.js';
import { listenForInterrupts } from './interrupts.js';
import { LiveWriter } from './live-writer.js';
import { printJson, remark } from './output.js';
import { showProgress } from './progress.js';
import type { UsageLog } from './usage-log.js';
import { workerScript } from './worker-script.js';

const CHECKPOINT_EVERY_SECONDS = 60;
const DEFAULT_LOADERS = 0;

/** What trains, by the options of a command. */
export function engineOf(
  executor: ExecutorName,
  precision: Precision,
  {
    threads,
    exact = false,
    loaders = DEFAULT_LOADERS,
    profile = false,
  }: Pick<Engine, 'threads'> & Partial<Pick<Engine, 'exact' | 'loaders' | 'profile'>>,
): Engine {
  const checkpointEverySeconds = CHECKPOINT_EVERY_SECONDS;
  return { executor, precision, exact, threads, checkpointEverySeconds, loaders, profile };
}

/** Networks of a plan to train in a folder that the caller has locked and opened. */
export interface Training {
  readonly plan: Plan;
  readonly directory: string;
  readonly engine: Engine;
  readonly limits: GangLimits;
  readonly workers: number;
  readonly usage: UsageLog;
  readonly only: (network: { readonly name: string }) => boolean;
  /** See `RunOptions.isElsewhere`. */
  readonly isElsewhere?: (name: string) => boolean;
}

/** Trains them. Progress goes to standard error, or with `asJson` each event to standard output.
 *  The first Ctrl-C saves and ends, the second ends at once. */
export async function trainPlan(training: Training, asJson: boolean): Promise<RunOutcome> {
  const { plan, limits } = training;
  const gangs = divideIntoGangs(plan, networksToTrain(training), limits);
  const costs = gangs.map((gang) => gangCost(plan, gang));
  const display = asJson
    ? { on: (event: StudyEvent) => printJson(event), close: () => {} }
    : showProgress(costs);
  const live = new LiveWriter(training.directory, costs);
  const interrupts = listenForInterrupts(() => {
    if (!asJson) remark('\nfinishing the iteration and saving; Ctrl-C again ends at once');
  });
  try {
    return await runStudy({
      ...training,
      launcher: localLauncher({ workerScript: workerScript(), workers: training.workers }),
      onEvent: (event) => {
        training.usage.on(event);
        display.on(event);
        live.on(event);
      },
      stop: interrupts.stop,
      kill: interrupts.kill,
    });
  } finally {
    interrupts.dispose();
    display.close();
    live.close();
  }
}

function gangCost(plan: Plan, { name, networks }: Gang) {
  return {
    name,
    networks: networks.map((network) => network.name),
    cost: gangFlops(plan.study.network, networks),
  };
}
