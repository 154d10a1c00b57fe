// Every check of the kit on a problem, as a line and a function that throws.
import type { Executor } from '../../src/executors/executor.js';
import { type Algorithms, checkProblem, fail } from './check-problem.js';
import { allProblems } from './cases/table.js';
import type { Fill } from './fill.js';
import type { Problem } from './problem.js';

/** Throws an AssertionError if the executor does not do what `line` says. */
export interface Check {
  readonly line: string;
  readonly run: (executor: Executor) => void;
}

/** A check of one problem with one fill. */
export interface ProblemCheck extends Check {
  readonly problem: Problem;
}

/** The check of one problem; its message begins with the line that repeats it. */
export function problemCheck(problem: Problem, fill: Fill, algorithms: Algorithms): ProblemCheck {
  const line = `${problem.line} ${fill}${algorithms === 'any' ? ' winograd' : ''}`;
  return {
    line,
    problem,
    run: (executor) => {
      try {
        checkProblem(problem, fill, algorithms, executor);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AssertionError') throw error;
        fail(`SELFFER_ONLY='${line}'\n${error.message}`);
      }
    },
  };
}

/** Both fills with direct algorithms; reals again where Winograd may be used and has a limit of its own. */
export const problemChecks: readonly ProblemCheck[] = allProblems.flatMap((problem) => {
  const hasWinograd = Object.values(problem.wanted).some(({ winogradLimit }) => winogradLimit);
  return [
    ...problem.fills.map((fill) => problemCheck(problem, fill, 'direct')),
    ...(hasWinograd ? [problemCheck(problem, 'reals', 'any')] : []),
  ];
});
