// `solver.prototxt:` of a study: what a Caffe solver file says, as solver keys.
import type { FileIssue } from '../../base/errors.js';
import { readCaffeSolver } from '../../net/formats/prototxt/read-solver.js';
import type { Report } from './located.js';
import { readPrototxt } from './read-prototxt.js';
import type { SolverText } from './study-source.js';

/** The solver as written, with what its prototxt says where it says nothing. */
export function withSolverFile(
  text: SolverText | undefined,
  report: Report,
  issues: FileIssue[],
): SolverText {
  const { prototxt, ...own } = text ?? {};
  if (prototxt === undefined) return own;
  const solver = readPrototxt(prototxt, readCaffeSolver, '/solver/prototxt', report, issues);
  if (solver === null) return own;
  const { iterations, steps, learningRate, gamma, momentum, weightDecay, testEvery } = solver;
  const hasLength = own.epochs !== undefined || own.iterations !== undefined;
  const hasSteps = own.lrSteps !== undefined || own.stepSize !== undefined;
  return {
    lr: learningRate,
    gamma,
    momentum,
    weightDecay,
    ...(testEvery === null ? {} : { testEvery }),
    ...(hasLength ? {} : { iterations }),
    // As fractions, so that a shortened study keeps the schedule's shape.
    ...(hasSteps ? {} : { lrSteps: steps.map((step) => step / iterations) }),
    ...own,
  };
}
