// The solver's schedule in iterations, from epochs and fractions.
import { PlanError } from '../../base/errors.js';
import type { Solver } from '../../program/solvers/table.js';
import type { Schedule } from '../../train/job.js';
import { stretchedPolicy } from '../../train/rate-policies.js';
import type { Length, SolverChoice } from '../study.js';

/** After so many falls no rate is left of any. */
const MOST_STEPS = 10_000;

/** The schedule of a task with `trainImages` images: an epoch has ceil(N / batch) iterations; steps
 *  are rounded fractions of all iterations. @throws PlanError for thousands of steps */
export function scheduleOf(solver: SolverChoice, trainImages: number): Schedule {
  const epoch = Math.ceil(trainImages / solver.batch);
  const { length, steps } = solver;
  const iterations =
    'iterations' in length ? length.iterations : Math.max(1, Math.round(length.epochs * epoch));
  const { policy, warmup, labelSmoothing, clipNorm, noDecay } = solver;
  return {
    batch: solver.batch,
    iterations,
    learningRate: solver.lr,
    gamma: solver.gamma,
    steps: stepIterations(steps, iterations),
    solver: solverOf(solver),
    ...(policy === undefined ? {} : { policy }),
    ...(warmup === undefined ? {} : { warmup: inIterations(warmup, epoch) }),
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(noDecay === undefined ? {} : { noDecay }),
    testEvery: inIterations(solver.testEvery, epoch),
  };
}

/** The same schedule, `times` as long: the rate at t is what it was at t / times; tests come as
 *  often as before. @param times a whole number */
export function stretched(schedule: Schedule, times: number): Schedule {
  const { iterations, steps, policy, warmup } = schedule;
  return {
    ...schedule,
    iterations: times * iterations,
    steps: steps.map((step) => times * step),
    ...(policy === undefined ? {} : { policy: stretchedPolicy(policy, times) }),
    ...(warmup === undefined ? {} : { warmup: times * warmup }),
  };
}

function solverOf({ adamw, nesterov, momentum, weightDecay }: SolverChoice): Solver {
  if (adamw !== undefined) return { kind: 'adamw', ...adamw, weightDecay };
  return { kind: 'sgd', momentum, weightDecay, ...(nesterov ? { nesterov } : {}) };
}

function inIterations(length: Length, epoch: number): number {
  return 'iterations' in length ? length.iterations : length.epochs * epoch;
}

function stepIterations(steps: SolverChoice['steps'], iterations: number): readonly number[] {
  if ('fractions' in steps) return steps.fractions.map((part) => Math.round(part * iterations));
  const count = Math.max(0, Math.ceil(iterations / steps.every) - 1);
  if (count > MOST_STEPS) {
    throw new PlanError(
      `solver: the rate would fall ${count} times (stepSize ${steps.every}, ${iterations} iterations), wanted at most ${MOST_STEPS}`,
      { hint: 'Give a larger stepSize, or lrSteps.' },
    );
  }
  return Array.from({ length: count }, (_, index) => (index + 1) * steps.every);
}
