// results.json of a study's folder, from the files of its runs alone: the same runs give the same
// bytes. Of a folder that has nothing but its results.json left (as studies are kept and passed
// on), from the networks in that.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { RunStoreError } from '../../base/errors.js';
import { readText } from '../../base/json-file.js';
import { buildByImage } from '../results/by-image.js';
import { chooseRates, isChosen } from '../results/choose-rate.js';
import { buildResults } from '../results/build.js';
import { formatResults } from '../results/json.js';
import { parseResults } from '../results/parse.js';
import type { Results } from '../results/types.js';
import { StudyFolder } from '../run/folder.js';
import { imageAnswers } from './image-answers.js';
import type { PlanFile } from './plan-file.js';
import { hasReport, removeReport } from './report-files.js';

/** plan.json of a folder that must be a study's. @throws RunStoreError if it is none */
export function expectPlanFile(folder: StudyFolder): PlanFile {
  const plan = folder.plan();
  if (plan === null) {
    const { directory } = folder;
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
  const hint = 'Put a whole results.json back; it cannot be made again without the runs.';
  return buildResults(parseResults(readText(path, hint) ?? '', path));
}

/** Results of a study's folder as `folder` knows it.
 *  @throws RunStoreError if it is not a study's, or a file in it is damaged */
export function readResults(directory: string, folder = new StudyFolder(directory)): Results {
  const plan = expectPlanFile(folder);
  const networks = folder.networkResults(plan);
  const byImage = buildByImage(
    chooseRates(networks, plan.study.rates).filter(isChosen),
    imageAnswers(plan, (name) => folder.answers(name)),
  );
  return buildResults({
    ...{ study: plan.study, networks },
    ...(byImage === undefined ? {} : { byImage }),
  });
}

/** Rebuilds and writes results.json; returns its content. A report of other results goes: it would
 *  show what is no longer so.
 *  @throws RunStoreError as {@link readResults} does */
export function writeResults(directory: string, folder = new StudyFolder(directory)): Results {
  const results = readResults(directory, folder);
  const path = join(directory, 'results.json');
  const text = formatResults(results);
  if (hasReport(directory) && textAt(path) !== text) removeReport(directory);
  writeFileAtomic(path, text);
  return results;
}

// Whatever is there that cannot be read is not the text.
function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
