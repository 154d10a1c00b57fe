// Every check of the kit on a problem, as a line and a function that throws.
import type { Executor } from '../../src/executors/executor.js';
import { type Arithmetic, checkProblem, fail } from './check-problem.js';
import { allProblems } from './cases/table.js';
import type { Fill } from './fill.js';
import type { Problem } from './problem.js';

/** Throws an AssertionError if the executor does not do what `line` says. */
export interface Check {
  readonly line: string;
  readonly run: (executor: Executor) => Promise<void>;
}

/** A check of one problem with one fill. */
export interface ProblemCheck extends Check {
  readonly problem: Problem;
  readonly arithmetic: Arithmetic;
}

/** The check of one problem; its message begins with the line that repeats it. */
export function problemCheck(problem: Problem, fill: Fill, arithmetic: Arithmetic): ProblemCheck {
  const line = `${problem.line} ${fill}${{ direct: '', any: ' winograd', bf16: ' bf16' }[arithmetic]}`;
  return {
    line,
    problem,
    arithmetic,
    run: async (executor) => {
      try {
        await checkProblem(problem, fill, arithmetic, executor);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AssertionError') throw error;
        fail(`SELFFER_ONLY='${line}'\n${error.message}`);
      }
    },
  };
}

/** Both fills with direct algorithms and, where limits are given, in bf16; reals again where
 *  Winograd may be used and has a limit of its own. */
export const problemChecks: readonly ProblemCheck[] = allProblems.flatMap((problem) => {
  const hasBf16 = Object.values(problem.wanted).every(({ bf16 }) => bf16);
  const hasWinograd = Object.values(problem.wanted).some(({ winogradLimit }) => winogradLimit);
  return [
    ...problem.fills.flatMap((fill) => [
      problemCheck(problem, fill, 'direct'),
      ...(hasBf16 ? [problemCheck(problem, fill, 'bf16')] : []),
    ]),
    ...(hasWinograd ? [problemCheck(problem, 'reals', 'any')] : []),
  ];
});
