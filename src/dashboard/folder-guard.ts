// What of a study's folder is read for the page at all: plain files of a sensible size inside the
// folder. A folder may come from anywhere; a link in it must not show what lies outside, a pipe
// must not hold up who reads it.
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { networkFiles, runDirectory } from '../runs/files.js';
import { livePath } from '../study/store/live-file.js';
import { planPath } from '../study/store/plan-file.js';

const MiB = 2 ** 20;

/** Files of the folder itself, and the most bytes that are read of each. */
const studyFiles = {
  plan: { path: planPath, most: 256 * MiB },
  live: { path: livePath, most: MiB },
  lock: { path: (directory: string) => join(directory, 'lock.json'), most: MiB },
  results: { path: (directory: string) => join(directory, 'results.json'), most: 256 * MiB },
} as const;

/** A file of the folder itself. */
type StudyFile = keyof typeof studyFiles;

/** Files of a network, likewise; weights are looked at only when they are asked for. */
const runFileLimits = [
  { file: 'record', most: 16 * MiB },
  { file: 'failure', most: MiB },
  { file: 'lease', most: MiB },
  { file: 'metrics', most: 256 * MiB },
] as const;

/** Looks before anything is read. */
export class FolderGuard {
  readonly #directory: string;
  // Of folders, within one look.
  #known = new Map<string, string | null>();

  /** @param directory a real path: no part of it is a link */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Begins a new look: what was known of folders may have changed. */
  forget(): void {
    this.#known = new Map();
  }

  /** What is wrong with files of the folder itself, in words: those files are not read. */
  studyProblems(): ReadonlyMap<StudyFile, string> {
    const problems = new Map<StudyFile, string>();
    for (const file of Object.keys(studyFiles) as StudyFile[]) {
      const { path, most } = studyFiles[file];
      const problem = this.fileProblem(path(this.#directory), most);
      if (problem !== null) problems.set(file, problem);
    }
    return problems;
  }

  /** Why nothing of a network is read, in words; null if all may be. */
  networkProblem(name: string): string | null {
    const problem = this.#folderProblem(join(this.#directory, runDirectory(name)));
    if (problem !== null) return problem;
    const files = networkFiles(this.#directory, name);
    for (const { file, most } of runFileLimits) {
      const found = this.fileProblem(files[file], most);
      if (found !== null) return found;
    }
    return null;
  }

  /** Why a file is not read, in words; null if it may be, or is not there. */
  fileProblem(path: string, most: number): string | null {
    const above = this.#folderProblem(dirname(path));
    if (above !== null) return above;
    const found = this.#target(path);
    if (found === null || typeof found === 'string') return found;
    const name = this.#nameOf(path);
    if (!found.isFile()) return `${name} is not a plain file; it is not read`;
    if (found.size <= most) return null;
    return `${name} has ${found.size.toLocaleString('en-US')} bytes, more than the ${most.toLocaleString('en-US')} that are read of such a file`;
  }

  #folderProblem(path: string): string | null {
    if (path === this.#directory) return null;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const above = this.#folderProblem(dirname(path));
    const own = above ?? this.#target(path);
    const problem = typeof own === 'string' ? own : null;
    this.#known.set(path, problem);
    return problem;
  }

  // What is at the path, behind links inside the folder; words if a link leads out of it; null if
  // nothing is there.
  #target(path: string): Stats | string | null {
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined || !stats.isSymbolicLink()) return stats ?? null;
      if (!realpathSync(path).startsWith(`${this.#directory}${sep}`)) {
        return `${this.#nameOf(path)} is a link that leads out of the study's folder; it is not followed`;
      }
      return statSync(path);
    } catch {
      // A link that leads nowhere, or a part of the path that is a file: nothing is there.
      return null;
    }
  }

  #nameOf(path: string): string {
    return path.slice(this.#directory.length + 1);
  }
}
