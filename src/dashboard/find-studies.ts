// Which folders are served: those that are given, or, of a folder that is not a study's, those of
// studies in it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../base/errors.js';
import { onFile } from '../base/system-error.js';
import { readPlanFile } from '../study/store/plan-file.js';
import { FolderGuard } from './folder-guard.js';

/** A folder that is served. */
export interface FoundStudy {
  /** Says in addresses which one it is, the same each time. */
  readonly id: string;
  readonly name: string;
  /** A real path. */
  readonly directory: string;
}

/** The studies of these folders, each once. A folder that holds none is one all the same: its page
 *  says what is wrong, and a run may still fill it.
 *  @throws UsageError naming a path that is not a folder */
export function findStudies(paths: readonly string[]): readonly FoundStudy[] {
  const folders = paths.flatMap((path) => {
    const given = resolve(path);
    const stats = statSync(given, { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true) {
      const found = stats === undefined ? 'does not exist' : 'is not a folder';
      const hint = 'Give the folder that `selffer run` wrote (--out, or ./<study name>).';
      throw new UsageError(`${path} ${found}, wanted a study's folder`, { hint });
    }
    const directory = onFile(given, () => realpathSync(given));
    const inside = isStudy(directory) ? [] : studiesIn(directory);
    return inside.length > 0 ? inside : [directory];
  });
  return [...new Set(folders)].map((directory) => ({
    id: idOf(directory),
    name: nameOf(directory),
    directory,
  }));
}

function isStudy(directory: string): boolean {
  return ['plan.json', 'results.json'].some((name) => existsSync(join(directory, name)));
}

function studiesIn(directory: string): readonly string[] {
  return onFile(directory, () => readdirSync(directory, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(directory, name))
    .filter(isStudy)
    .sort();
}

function idOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 6);
  return `${name.replace(/^-|-$/g, '') || 'study'}-${hash}`;
}

// As the plan has it; what is wrong with a folder, its page says.
function nameOf(directory: string): string {
  try {
    const isReadable = !new FolderGuard(directory).studyProblems().has('plan');
    const plan = isReadable ? readPlanFile(directory) : null;
    return plan?.study.name ?? basename(directory);
  } catch {
    return basename(directory);
  }
}
