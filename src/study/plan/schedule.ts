// The solver's schedule in iterations, from epochs and fractions.
import type { Schedule } from '../../train/job.js';
import type { SolverChoice } from '../study.js';

/** The schedule of a task with `trainImages` images: an epoch has ceil(N / batch) iterations; steps
 *  are rounded fractions of all iterations. */
export function scheduleOf(solver: SolverChoice, trainImages: number): Schedule {
  const epoch = Math.ceil(trainImages / solver.batch);
  const { length, steps, testEvery } = solver;
  const iterations =
    'iterations' in length ? length.iterations : Math.max(1, Math.round(length.epochs * epoch));
  return {
    batch: solver.batch,
    iterations,
    learningRate: solver.lr,
    gamma: solver.gamma,
    steps: stepIterations(steps, iterations),
    solver: { kind: 'sgd', momentum: solver.momentum, weightDecay: solver.weightDecay },
    testEvery: 'iterations' in testEvery ? testEvery.iterations : testEvery.epochs * epoch,
  };
}

function stepIterations(steps: SolverChoice['steps'], iterations: number): readonly number[] {
  if ('fractions' in steps) return steps.fractions.map((part) => Math.round(part * iterations));
  const count = Math.max(0, Math.ceil(iterations / steps.every) - 1);
  return Array.from({ length: count }, (_, index) => (index + 1) * steps.every);
}
