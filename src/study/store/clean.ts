// What of a study's folder can go: nothing that a report shows, and nothing that a later run needs
// and cannot make again.
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onFile } from '../../base/system-error.js';
import { runDirectory } from '../../runs/files.js';
import type { StudyFolder } from '../run/folder.js';
import type { FolderFile } from './folder-files.js';
import type { PlanFile } from './plan-file.js';

/** Which weights of networks that have ended can stay. */
export const keptWeights = ['all', 'bases', 'needed'] as const;

/** What goes besides what nobody needs. */
export interface CleanRules {
  /** Weights that stay. Always among them: those that a network which has not ended copies, and
   *  those of a base that was read from a file. */
  readonly weights: (typeof keptWeights)[number];
  /** Whether networks that only an earlier plan of the folder had go, with all their files. */
  readonly earlier: boolean;
}

/** Those of a study's `files` that go: damaged ones that were set aside, what killed processes left
 *  behind, checkpoints of networks that have ended, and by the rules weights and earlier networks.
 *  Checkpoints of networks that have not ended stay: they resume from them. */
export function filesToClean(
  files: readonly FolderFile[],
  folder: StudyFolder,
  plan: PlanFile,
  rules: CleanRules,
): readonly FolderFile[] {
  const ended = endedNetworks(folder, plan);
  const kept = weightsThatStay(plan, ended, rules.weights);
  const earlier = new Set(plan.earlier.map(({ name }) => runDirectory(name)));
  return files.filter(({ path, kind }) => {
    const run = dirname(path);
    if (kind === 'damaged' || kind === 'leftovers') return true;
    if (earlier.has(run)) return rules.earlier;
    if (!ended.has(run)) return false;
    return kind === 'checkpoints' || (kind === 'weights' && !kept.has(run));
  });
}

/** Removes files of a study's folder, and folders that are empty then; the caller holds the
 *  study's lock. @throws FileError naming the first that the system does not let go */
export function removeFiles(directory: string, files: readonly FolderFile[]): void {
  for (const { path } of files) {
    const file = join(directory, path);
    onFile(file, () => rmSync(file, { force: true }));
  }
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    const path = join(directory, folder);
    if (folder !== '.' && existsSync(path) && readdirSync(path).length === 0) {
      onFile(path, () => rmdirSync(path));
    }
  }
}

/** Folders of networks of the plan that have ended. */
function endedNetworks(folder: StudyFolder, { networks }: PlanFile): ReadonlySet<string> {
  const states = folder.states(networks);
  const ended = networks.filter(({ name }) => states.get(name)?.record != null);
  return new Set(ended.map(({ name }) => runDirectory(name)));
}

function weightsThatStay(
  { networks }: PlanFile,
  ended: ReadonlySet<string>,
  rule: CleanRules['weights'],
): ReadonlySet<string> {
  const stay = new Set<string>();
  for (const { name, requires, treatment, content } of networks) {
    const run = runDirectory(name);
    const isRead = 'pretrained' in content;
    if (rule === 'all' || (rule === 'bases' && treatment === 'base') || isRead) stay.add(run);
    if (requires !== null && !ended.has(run)) stay.add(runDirectory(requires));
  }
  return stay;
}
