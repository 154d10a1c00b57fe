// The learning-rate schedule.
import { solverRule } from '../program/solvers/table.js';
import type { GangJob, NetworkJob, Schedule } from './job.js';
import { policyRate } from './rate-policies.js';

/** lr(t) = learningRate * gamma^k, k = number of steps at or before iteration t (the first
 *  iteration is 0), or what the policy says; times (t + 1) / warmup while that is below 1. */
export function learningRateAt(schedule: Schedule, iteration: number): number {
  const { learningRate, gamma, steps, policy, warmup, iterations } = schedule;
  const passed = steps.filter((step) => step <= iteration).length;
  const rate =
    policy === undefined
      ? learningRate * gamma ** passed
      : policyRate(policy, { learningRate, iteration, iterations });
  return warmup === undefined ? rate : rate * Math.min(1, (iteration + 1) / warmup);
}

/** Whether the rate of an iteration is, as a rule, another than the one before. */
export function variesRate({ policy, warmup }: Schedule): boolean {
  return policy !== undefined || warmup !== undefined;
}

/** The schedule of one network of a gang. */
export function scheduleOfMember(
  schedule: Schedule,
  { learningRate = schedule.learningRate }: Pick<NetworkJob, 'learningRate'>,
): Schedule {
  return { ...schedule, learningRate };
}

/** Name of the scalar that a network's updates read; undefined: that of the gang's schedule. Made
 *  of the rate alone, so that a network's program does not depend on its gang. */
export function ownRate({ learningRate }: Pick<NetworkJob, 'learningRate'>): string | undefined {
  return learningRate === undefined ? undefined : `learningRate of ${learningRate}`;
}

/** The scalars of a training iteration: those of the solver, the rates of networks that have their
 *  own, and `iteration` of dropout. */
export function scalarsAt(
  { schedule, networks }: Pick<GangJob, 'schedule' | 'networks'>,
  iteration: number,
): Readonly<Record<string, number>> {
  const { solver } = schedule;
  const rate = learningRateAt(schedule, iteration);
  const scalars: Record<string, number> = {
    ...solverRule(solver).scalars(solver, rate, iteration),
    iteration,
  };
  for (const network of networks) {
    const name = ownRate(network);
    if (name !== undefined) {
      scalars[name] = learningRateAt(scheduleOfMember(schedule, network), iteration);
    }
  }
  return scalars;
}
