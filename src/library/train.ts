// Training networks of a plan on this machine, in worker processes, until it is done or asked to
// end.
import type { Precision } from '../executors/executor.js';
import type { ExecutorName } from '../executors/names.js';
import { localLauncher } from '../launch/local.js';
import { gangFlops } from '../study/needs/cost.js';
import { divideIntoGangs, type Engine, type GangLimits } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import {
  networksToTrain,
  type RunOptions,
  type RunOutcome,
  runStudy,
  type StudyEvent,
} from '../study/run/run-study.js';
import type { GangCost } from '../study/run/progress-model.js';
import { LiveWriter } from './live-writer.js';
import type { UsageLog } from './usage-log.js';
import { workerScript } from './worker-script.js';

const CHECKPOINT_EVERY_SECONDS = 60;
const DEFAULT_LOADERS = 0;

/** What trains, by the settings of a run. */
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
  /** Hears what happens before anybody else does. */
  readonly watch?: (event: StudyEvent) => void;
  readonly only: (network: { readonly name: string }) => boolean;
  /** See `RunOptions.isElsewhere`. */
  readonly isElsewhere?: (name: string) => boolean;
}

/** Trains them; `stop` saves and ends, `kill` ends at once. */
export async function trainHere(
  training: Training,
  { onEvent = () => {}, ...signals }: Pick<RunOptions, 'onEvent' | 'stop' | 'kill'>,
): Promise<RunOutcome> {
  const live = new LiveWriter(training.directory, gangCosts(training));
  try {
    return await runStudy({
      ...training,
      launcher: localLauncher({ workerScript: workerScript(), workers: training.workers }),
      onEvent: (event) => {
        training.usage.on(event);
        training.watch?.(event);
        onEvent(event);
        live.on(event);
      },
      ...signals,
    });
  } finally {
    live.close();
  }
}

/** The gangs that a training will have, and what each costs. */
export function gangCosts(training: Training): readonly GangCost[] {
  const { plan, limits } = training;
  return divideIntoGangs(plan, networksToTrain(training), limits).map(({ name, networks }) => ({
    name,
    networks: networks.map((network) => network.name),
    cost: gangFlops(plan.study.network, networks),
  }));
}
