// results.json of a study's folder, from the files of its runs alone: the same runs give the same bytes.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { RunStoreError } from '../base/errors.js';
import { buildResults } from './results/build.js';
import { formatResults } from './results/json.js';
import type { Results } from './results/types.js';
import { type PlanFile, readPlanFile } from './store/plan-file.js';
import { networkResults, readStates, type RunState } from './store/run-state.js';

/** plan.json of a folder that must be a study's. @throws RunStoreError if it is none */
export function expectPlanFile(directory: string): PlanFile {
  const plan = readPlanFile(directory);
  if (plan === null) {
    throw new RunStoreError(`${directory}: found no plan.json, wanted a study's folder`, {
      hint: 'Give the folder that `selffer run` wrote (--out, or ./<study name>).',
    });
  }
  return plan;
}

/** Results of a study's folder as it is now. */
export function readResults(
  directory: string,
  plan = expectPlanFile(directory),
  states: ReadonlyMap<string, RunState> = readStates(directory, plan.networks),
): Results {
  return buildResults({ study: plan.study, networks: networkResults(plan, states) });
}

/** Rebuilds and writes results.json; returns its content. */
export function writeResults(directory: string, plan = expectPlanFile(directory)): Results {
  const results = readResults(directory, plan);
  writeFileAtomic(join(directory, 'results.json'), formatResults(results));
  return results;
}
