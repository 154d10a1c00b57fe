// Gangs of made-up plans and their jobs, for tests.
import type { GangJob } from '../../train/job.js';
import { divideIntoGangs, type Engine, gangJob } from './gangs.js';
import type { Plan } from './plan.js';

/** What trains them, in name. */
export const madeEngine: Engine = {
  executor: 'reference',
  precision: 'fp32',
  exact: false,
  threads: 1,
  checkpointEverySeconds: 60,
};

/** Limits that divide no gang. */
export const wide = { memoryBytes: Infinity, networks: 100 };

/** The jobs of a plan's gangs. */
export function jobsOf(plan: Plan, limits: typeof wide = wide): GangJob[] {
  const gangs = divideIntoGangs(plan, plan.networks, limits);
  return gangs.map((gang) => gangJob(plan, gang, '/study', madeEngine));
}
