// What an advice needs from whoever asks for it: what computes, what trains, who listens.
import type { ExecutorName } from '../executors/names.js';
import type { FactsOf } from '../study/plan/splits.js';
import type { GangLimits } from '../study/plan/gangs.js';
import type { Launcher } from '../study/run/launcher.js';
import type { StudyEvent } from '../study/run/run-study.js';
import type { Plan } from '../study/plan/plan.js';
import type { Gang } from '../study/plan/gangs.js';
import type { Study } from '../study/study.js';
import type { FeatureJob } from '../train/forward/feature-job.js';

/** The surroundings of an advice: only the command line picks executors and launchers. */
export interface AdviceHost {
  readonly executor: ExecutorName;
  readonly threads: number;
  readonly limits: GangLimits;
  readonly launcher: Launcher;
  /** Makes the data of a study ready. */
  readonly prepare: (study: Study) => Promise<FactsOf>;
  /** Runs a job in a process of its own. @throws SelfferError as the job does */
  readonly features: (job: FeatureJob) => Promise<void>;
  /** FLOPs a second of training; null if it cannot be measured. */
  readonly rate: (plan: Plan, gang: Gang) => Promise<number | null>;
  /** Says what is done now. */
  readonly say: (text: string) => void;
  readonly onEvent: (event: StudyEvent) => void;
  /** Aborted when there shall be an answer: the user has asked, or the budget is used up. */
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  /** Seconds of the budget that are left. */
  readonly left: () => number;
}
