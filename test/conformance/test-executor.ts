// The conformance kit: one call tests an executor. Repeat one check with SELFFER_ONLY='its line'
// npx vitest run test/conformance
import { beforeAll, describe, test } from 'vitest';
import { ExecutorMissingError } from '../../src/base/errors.js';
import type { Executor } from '../../src/executors/executor.js';
import { behaviourChecks } from './behaviour.js';
import { callChecks } from './calls.js';
import { type ProblemCheck, problemChecks } from './checks.js';

/** Which checks to run: all by default. */
export interface KitOptions {
  /** Leaves out problems; the behaviour checks always run. */
  readonly filter?: (check: ProblemCheck) => boolean;
}

/** Registers every check as a vitest test. `makeExecutor` may throw ExecutorMissingError: then all
 *  are skipped, with its message. */
export function testExecutor(
  name: string,
  makeExecutor: () => Executor | Promise<Executor>,
  { filter = () => true }: KitOptions = {},
): void {
  const only = process.env['SELFFER_ONLY'];
  const checks = [...problemChecks.filter(filter), ...behaviourChecks, ...callChecks].filter(
    (check) => only === undefined || check.line.includes(only),
  );
  describe(`conformance of ${name}`, () => {
    let executor: Executor | undefined;
    let missing = '';
    beforeAll(async () => {
      try {
        executor = await makeExecutor();
      } catch (error) {
        if (!(error instanceof ExecutorMissingError)) throw error;
        missing = error.message;
      }
    });
    for (const check of checks) {
      test(check.line, { timeout: 60_000 }, async (context) => {
        if (!executor) return context.skip(missing);
        const wanted = 'arithmetic' in check && check.arithmetic === 'bf16' ? 'bf16' : 'fp32';
        const { precisions, instructionSet } = executor.info;
        if (!precisions.includes(wanted))
          return context.skip(`no ${wanted} with ${instructionSet}`);
        await check.run(executor);
      });
    }
  });
}
