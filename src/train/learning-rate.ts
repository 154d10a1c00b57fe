// The learning-rate schedule.
import type { Schedule } from './job.js';

/** lr(t) = learningRate * gamma^k, k = number of steps at or before iteration t (the first
 *  iteration is 0). */
export function learningRateAt(schedule: Schedule, iteration: number): number {
  const passed = schedule.steps.filter((step) => step <= iteration).length;
  return schedule.learningRate * schedule.gamma ** passed;
}
