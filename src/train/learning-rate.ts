// The learning-rate schedule.
import { solverRule } from '../program/solvers/table.js';
import type { Schedule } from './job.js';

/** lr(t) = learningRate * gamma^k, k = number of steps at or before iteration t (the first
 *  iteration is 0). */
export function learningRateAt(schedule: Schedule, iteration: number): number {
  const passed = schedule.steps.filter((step) => step <= iteration).length;
  return schedule.learningRate * schedule.gamma ** passed;
}

/** The scalars of a training iteration: those of the solver, and `iteration` of dropout. */
export function scalarsAt(schedule: Schedule, iteration: number): Readonly<Record<string, number>> {
  const { solver } = schedule;
  const rate = learningRateAt(schedule, iteration);
  return { ...solverRule(solver).scalars(solver, rate, iteration), iteration };
}
