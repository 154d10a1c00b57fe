// Solver settings: defaults of the small-scale reference, and one way only to say each length.
import type { SolverChoice } from '../study.js';
import type { Report } from './located.js';
import type { SolverText } from './study-source.js';

/** The solver with defaults: 24 epochs, rate 0.01 falling tenfold at 60 % and 85 %. */
export function resolveSolver(text: SolverText, report: Report): SolverChoice {
  if (text.epochs !== undefined && text.iterations !== undefined) {
    report('/solver/iterations', 'solver: found epochs and iterations, wanted one of them');
  }
  if (text.lrSteps !== undefined && text.stepSize !== undefined) {
    report('/solver/stepSize', 'solver: found lrSteps and stepSize, wanted one of them');
  }
  const { testEvery = '1epoch' } = text;
  return {
    lr: text.lr ?? 0.01,
    momentum: text.momentum ?? 0.9,
    weightDecay: text.weightDecay ?? 5e-4,
    batch: text.batch ?? 128,
    length:
      text.iterations === undefined
        ? { epochs: text.epochs ?? 24 }
        : { iterations: text.iterations },
    steps:
      text.stepSize === undefined
        ? { fractions: [...(text.lrSteps ?? [0.6, 0.85])].sort((a, b) => a - b) }
        : { every: text.stepSize },
    gamma: text.gamma ?? 0.1,
    testEvery:
      typeof testEvery === 'number'
        ? { iterations: testEvery }
        : { epochs: Number.parseInt(testEvery, 10) },
  };
}
