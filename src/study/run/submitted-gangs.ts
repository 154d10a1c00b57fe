// Gangs as a launcher takes them: the job of each, and the gangs whose networks it copies.
import type { SubmittedGang } from './launcher.js';
import type { Ordered } from './run-in-order.js';
import { type Engine, type Gang, gangJob } from '../plan/gangs.js';
import type { Plan } from '../plan/plan.js';

/** The gangs and the names of those whose networks each copies, in their order. */
export function gangOrder(gangs: readonly Gang[]): readonly (Gang & Ordered)[] {
  const gangOf = new Map(
    gangs.flatMap((gang) => gang.networks.map(({ name }) => [name, gang.name] as const)),
  );
  return gangs.map((gang) => {
    const bases = gang.networks.flatMap(({ requires }) => requires ?? []);
    return { ...gang, after: [...new Set(bases.flatMap((base) => gangOf.get(base) ?? []))] };
  });
}

/** The jobs of all gangs, in their order. */
export function submittedGangs(
  plan: Plan,
  gangs: readonly Gang[],
  studyDirectory: string,
  engine: Engine,
): readonly SubmittedGang[] {
  return gangOrder(gangs).map((gang) => ({
    job: gangJob(plan, gang, studyDirectory, engine),
    after: gang.after,
  }));
}
