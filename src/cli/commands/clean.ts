// `selffer clean DIR`: removes what a study's folder no longer needs.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudyFolder } from '../../study/run/folder.js';
import {
  type CleanRules,
  filesToClean,
  keptWeights,
  removeFiles,
} from '../../study/store/clean.js';
import {
  bytesByKind,
  fileKinds,
  type FolderFile,
  folderFiles,
} from '../../study/store/folder-files.js';
import { lockStudy } from '../../study/store/lock.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { print, printJson } from '../output.js';
import { formatSize } from '../../base/quantities.js';

interface Options extends CleanRules {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addClean(program: Command): void {
  program
    .command('clean')
    .description("remove what a study's folder no longer needs")
    .argument('<dir>', 'folder of a study')
    .addOption(
      new Option('--weights <which>', 'weights of trained networks that stay')
        .choices(keptWeights)
        .default('all'),
    )
    .option('--earlier', 'remove networks that only an earlier plan of the folder had', false)
    .option('--dry-run', 'say what would go, and remove nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Always goes: checkpoints of networks that have ended, damaged files that were set aside, leftovers
of killed processes. --weights needed keeps only weights that a network still has to copy, --weights
bases those of the bases too. \`measure\` and \`export\` need weights; a run that needs them again
trains their network again, with the same numbers. Records, metrics, answers, results and reports
stay, and so do checkpoints that a network resumes from.

Examples:
  selffer clean demo --dry-run
  selffer clean demo --weights bases`,
    )
    .action((dir: string, options: Options) => {
      const directory = resolve(dir);
      const gone = options.dryRun ? looked(directory, options) : cleaned(directory, options);
      if (options.json)
        printJson({ directory, ...(options.dryRun ? { dryRun: true } : {}), ...gone });
      else print(text(gone, options.dryRun ?? false));
    });
}

interface Gone {
  readonly removed: readonly FolderFile[];
  readonly bytes: number;
  /** Bytes of what stays. */
  readonly kept: number;
}

function cleaned(directory: string, rules: CleanRules): Gone {
  // Says what is wrong with a folder before a lock file is put into it.
  expectPlanFile(new StudyFolder(directory));
  const release = lockStudy(directory);
  try {
    const gone = looked(directory, rules);
    removeFiles(directory, gone.removed);
    return gone;
  } finally {
    release();
  }
}

function looked(directory: string, rules: CleanRules): Gone {
  const folder = new StudyFolder(directory);
  const plan = expectPlanFile(folder);
  const files = folderFiles(directory);
  const removed = filesToClean(files, folder, plan, rules);
  const bytes = sum(removed);
  return { removed, bytes, kept: sum(files) - bytes };
}

const sum = (files: readonly FolderFile[]): number =>
  files.reduce((total, { bytes }) => total + bytes, 0);

function text({ removed, bytes, kept }: Gone, isDryRun: boolean): string {
  const rest = `${formatSize(kept)} stay`;
  if (removed.length === 0) return `nothing to remove; ${rest}`;
  const lines = bytesByKind(removed).map(([kind, size]) => {
    const count = removed.filter((file) => file.kind === kind).length;
    return `${formatSize(size).padStart(10)}  ${fileKinds[kind].words} (${files(count)})`;
  });
  const did = isDryRun ? 'would remove' : 'removed';
  return [...lines, `${did} ${files(removed.length)}, ${formatSize(bytes)}; ${rest}`].join('\n');
}

const files = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;
