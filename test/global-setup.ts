// Workers and loader threads run compiled code. Tests must not pass on that of yesterday, however
// they are started: before the first test, and before every rerun, dist/ is made as new as src.
import type { TestProject } from 'vitest/node';
import { build, isStale } from '../scripts/build.mjs';

/** Compiles what is stale. Type errors are printed and do not stop the tests: what was compiled is
 *  as new as its source all the same. */
export default function setup(project: TestProject): void {
  refresh();
  project.onTestsRerun(async () => refresh());
}

function refresh(): void {
  if (isStale() && !build())
    console.error('npm run types: the sources have type errors, see above');
}
