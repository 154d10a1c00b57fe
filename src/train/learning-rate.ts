// The learning-rate schedule.
import { solverRule } from '../program/solvers/table.js';
import type { Schedule } from './job.js';
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

/** The scalars of a training iteration: those of the solver, and `iteration` of dropout. */
export function scalarsAt(schedule: Schedule, iteration: number): Readonly<Record<string, number>> {
  const { solver } = schedule;
  const rate = learningRateAt(schedule, iteration);
  return { ...solverRule(solver).scalars(solver, rate, iteration), iteration };
}
