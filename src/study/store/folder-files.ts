// The files of a study's folder, and what each is for: how much room its parts take, and what may
// go.
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onFile } from '../../base/system-error.js';
import { JOBS } from '../../train/job-file.js';
import { FINDINGS, REPORT } from './report-files.js';

/** What files of one kind are. */
interface KindFacts {
  /** In the plural, as people are told. */
  readonly words: string;
  /** Whether the file at `path` (below the study's folder, `/` between names) is one of them. */
  readonly has: (path: string) => boolean;
}

const named = (...names: readonly string[]) => {
  const ends = new RegExp(`(^|/)(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`);
  return (path: string): boolean => ends.test(path);
};

// A file that its writer was killed over.
const isDraft = (path: string): boolean => /\.\d+-[0-9a-f]{8}\.tmp$/.test(path);

const kinds = {
  damaged: {
    words: 'damaged files that were set aside',
    has: (path) => path.split('/').some((name) => /\.damaged(-\d+)?$/.test(name)),
  },
  submissions: {
    words: 'scripts, job files and logs of submissions to Slurm',
    has: (path) => path.startsWith(`${JOBS}/slurm/`) && !isDraft(path),
  },
  leftovers: {
    words: 'leftovers of processes that were killed',
    has: (path) => path.startsWith(`${JOBS}/`) || isDraft(path),
  },
  weights: { words: 'weights', has: named('weights.safetensors') },
  checkpoints: { words: 'checkpoints', has: named('checkpoint.safetensors') },
  locks: { words: 'locks', has: named('lock.json', 'lease.json') },
  report: {
    words: 'report and figures',
    has: (path) => path === REPORT || path === FINDINGS || /^(figures|paper)\//.test(path),
  },
  records: {
    words: 'records, metrics and results',
    has: (path) =>
      path.startsWith('runs/') ||
      /^(study\.yaml|(network|plan|results|measurements|profile|calibration|live)\.json)$/.test(
        path,
      ),
  },
  other: { words: 'other files', has: () => true },
} as const satisfies Record<string, KindFacts>;

/** Kind of a file in a study's folder. */
export type FileKind = keyof typeof kinds;

/** The kinds; a file is of the first that has it. */
export const fileKinds: Readonly<Record<FileKind, KindFacts>> = kinds;

/** A file of a study's folder. */
export interface FolderFile {
  /** Below the study's folder, `/` between names. */
  readonly path: string;
  readonly kind: FileKind;
  readonly bytes: number;
}

/** Kind of the file at `path` (below a study's folder, `/` between names). */
export function fileKind(path: string): FileKind {
  const all = Object.keys(kinds) as FileKind[];
  return all.find((kind) => fileKinds[kind].has(path)) ?? 'other';
}

/** All files of a study's folder, in the order of their paths. Links are files: nothing behind
 *  them is looked at. What disappears meanwhile is left out.
 *  @throws FileError if a folder cannot be read */
export function folderFiles(directory: string): readonly FolderFile[] {
  const files: FolderFile[] = [];
  const visit = (folder: string): void => {
    const path = join(directory, folder);
    const entries = onFile(path, () => readdirSync(path, { withFileTypes: true }));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        visit(below);
        continue;
      }
      const stats = lstatSync(join(directory, below), { throwIfNoEntry: false });
      if (stats !== undefined)
        files.push({ path: below, kind: fileKind(below), bytes: stats.size });
    }
  };
  visit('');
  return files;
}

/** Bytes by kind, of kinds that there are; largest first. */
export function bytesByKind(
  files: readonly FolderFile[],
): readonly (readonly [FileKind, number])[] {
  const bytes = new Map<FileKind, number>();
  for (const file of files) bytes.set(file.kind, (bytes.get(file.kind) ?? 0) + file.bytes);
  return [...bytes].sort(([, a], [, b]) => b - a);
}
