// results.json of a study's folder, from the files of its runs alone: the same runs give the same
// bytes. Of a folder that has nothing but its results.json left (as studies are kept and passed
// on), from the networks in that.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { RunStoreError } from '../../base/errors.js';
import { buildResults } from '../results/build.js';
import { formatResults } from '../results/json.js';
import { parseResults } from '../results/parse.js';
import type { Results } from '../results/types.js';
import { type PlanFile, readPlanFile } from './plan-file.js';
import { networkResults, readStates, type RunState } from './run-state.js';

/** plan.json of a folder that must be a study's. @throws RunStoreError if it is none */
export function expectPlanFile(directory: string): PlanFile {
  const plan = readPlanFile(directory);
  if (plan === null) {
    throw new RunStoreError(`${directory}: ${foundAt(directory)}, wanted a study's folder`, {
      hint: 'Give the folder that `selffer run` wrote (--out, or ./<study name>).',
    });
  }
  return plan;
}

function foundAt(directory: string): string {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) return 'does not exist';
  return stats.isDirectory() ? 'found no plan.json' : 'is a file';
}

/** Results of a folder without plan.json whose results.json is still there, rebuilt from the
 *  networks in it; null for any other folder.
 *  @throws RunStoreError if results.json is damaged, of another schema, or has a wrong value */
export function keptResults(directory: string): Results | null {
  const path = join(directory, 'results.json');
  if (existsSync(join(directory, 'plan.json')) || !existsSync(path)) return null;
  return buildResults(parseResults(readFileSync(path, 'utf8'), path));
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
