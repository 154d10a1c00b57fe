// `solver.prototxt:` of a study: what a Caffe solver file says, as solver keys.
import type { FileIssue } from '../../base/errors.js';
import type { CaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { readCaffeSolver } from '../../net/formats/prototxt/read-solver.js';
import type { Report } from './located.js';
import { readPrototxt } from './read-prototxt.js';
import type { SolverText } from './study-source.js';

/** The keys that a solver file says; null if there is none or it cannot be read. */
export function readSolverFile(
  path: string | undefined,
  report: Report,
  issues: FileIssue[],
): SolverText | null {
  if (path === undefined) return null;
  const solver = readPrototxt(path, readCaffeSolver, '/solver/prototxt', report, issues);
  if (solver === null) return null;
  const { iterations, steps, learningRate, gamma, momentum, weightDecay, testEvery } = solver;
  return {
    lr: learningRate,
    gamma,
    momentum,
    weightDecay,
    ...(testEvery === null ? {} : { testEvery }),
    iterations,
    // As fractions, so that a shortened study keeps the schedule's shape.
    lrSteps: steps.map((step) => step / iterations),
  };
}

/** The solver as written, with what the solver file and then the network file say where it says
 *  nothing. */
export function solverOf(
  own: SolverText,
  solver: SolverText | null,
  network: Pick<CaffeNetwork, 'batch'> | null,
): SolverText {
  const { iterations, lrSteps, ...rest } = solver ?? {};
  const hasLength = own.epochs !== undefined || own.iterations !== undefined;
  const hasSteps = own.lrSteps !== undefined || own.stepSize !== undefined;
  return {
    ...(network?.batch == null ? {} : { batch: network.batch }),
    ...rest,
    ...(hasLength || iterations === undefined ? {} : { iterations }),
    ...(hasSteps || lrSteps === undefined ? {} : { lrSteps }),
    ...own,
  };
}
