// Training networks of a plan on this machine, in worker processes, until it is done or asked to
// end.
import type { Precision } from '../executors/executor.js';
import type { ExecutorName } from '../executors/names.js';
import { localLauncher } from '../launch/local.js';
import type { Engine, GangLimits } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import {
  type RunOptions,
  type RunOutcome,
  runStudy,
  type StudyEvent,
} from '../study/run/run-study.js';
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
export function trainHere(
  training: Training,
  { onEvent = () => {}, ...signals }: Pick<RunOptions, 'onEvent' | 'stop' | 'kill'>,
): Promise<RunOutcome> {
  return runStudy({
    ...training,
    launcher: localLauncher({ workerScript: workerScript(), workers: training.workers }),
    onEvent: (event) => {
      training.usage.on(event);
      training.watch?.(event);
      onEvent(event);
    },
    ...signals,
  });
}
