// `selffer import caffe LOGS --out DIR`: the original study's own logs, or others named like them,
// as a study's folder.
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../base/errors.js';
import { readNamesFile } from '../../import/caffe/names-file.js';
import { readCaffeLogs } from '../../import/caffe/read-logs.js';
import type { GivenFacts } from '../../import/caffe/tasks.js';
import { type ImportedStudy, writeImportedStudy } from '../../import/caffe/write-study.js';
import { readImportFile } from '../../import/import-file.js';
import { resultsTable } from '../../report/terminal-table.js';
import { warningsOf } from '../../report/warnings.js';
import type { NetworkState } from '../../study/results/types.js';
import { lockStudy } from '../../study/store/lock.js';
import { isForeign } from '../../study/store/open-folder.js';
import { parseCount } from '../options.js';
import { colours, outputColours, print, printJson, remark } from '../output.js';

/** Adds the command. */
export function addImport(program: Command): void {
  const example = '\nExample:\n  selffer import caffe convnet_transfer/results --out original';
  const command = program
    .command('import')
    .description('make a study’s folder of logs that another program wrote')
    .addHelpText('after', example);
  command
    .command('caffe')
    .description('read Caffe training logs, named and laid out as the authors’ repository has them')
    .argument(
      '<logs>',
      'folder with one directory a network: half0A/, transfer0A0B_1_3/, A3B+/, ...',
    )
    .requiredOption('--out <dir>', 'folder of the study; an earlier import there is replaced')
    .option('--names <file>', 'what other logs are of: lines or a map, e.g. run7 split0/A3B+')
    .option('--accuracy <output>', 'name of the output that is the accuracy (default: by its name)')
    .option('--test-net <n>', 'number of the test net that counts (default: 0)', parseNumber)
    .option('--classes <n>', 'classes of each task (default: the original study’s)', parseCount)
    .option('--train-images <n>', 'training images of each task (default: likewise)', parseCount)
    .option('--val-images <n>', 'validation images of each task (default: likewise)', parseCount)
    .option('--batch <n>', 'images of a training minibatch (default: 256)', parseCount)
    .option('--weight-layers <n>', 'weight layers of the networks (default: 8)', parseCount)
    .option('--json', 'print one JSON object')
    .addHelpText('after', example)
    .action(async (logs: string, options: ImportOptions) => {
      process.exitCode = await importCaffe(logs, options);
    });
}

interface ImportOptions extends GivenFacts {
  readonly out: string;
  readonly names?: string;
  readonly accuracy?: string;
  readonly testNet?: number;
  readonly json?: boolean;
}

function parseNumber(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

async function importCaffe(logs: string, options: ImportOptions): Promise<number> {
  const { out, names, accuracy, testNet, json: asJson = false, ...given } = options;
  const directory = resolve(out);
  expectImportable(directory);
  const read = await readCaffeLogs(resolve(logs), {
    onNetwork: showReading,
    ...(names === undefined ? {} : { names: readNamesFile(names) }),
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(testNet === undefined ? {} : { testNet }),
  });
  mkdirSync(directory, { recursive: true });
  const unlock = lockStudy(directory);
  let study: ImportedStudy;
  try {
    study = writeImportedStudy(directory, basename(directory), logs, read, given);
  } finally {
    unlock();
  }
  const count = countStates(study);
  if (asJson) {
    const { files, unknown, damaged, warnings, notes } = study.importFile;
    const networks = study.results.networks.length;
    printJson({
      out: directory,
      networks,
      states: count,
      files,
      unknown,
      damaged,
      warnings,
      notes,
    });
  } else printText(directory, study, count);
  // Networks that failed are results too; logs that could not be read are not.
  return read.networks.some(({ tests, damaged }) => tests.length === 0 && damaged.length > 0)
    ? 1
    : 0;
}

// One line that is written over: all of the original's logs take a while. Pipes and files get none
// of it.
function showReading(name: string, index: number, count: number): void {
  if (!process.stderr.isTTY) return;
  const end = index === count - 1 ? '\n' : '';
  process.stderr.write(`\r\x1b[Kreading ${index + 1} of ${count}: ${name}${end}`);
}

// Only what an import wrote may be replaced.
function expectImportable(directory: string): void {
  const isImport = readImportFile(directory) !== null;
  if (!isImport && (isForeign(directory) || existsSync(join(directory, 'plan.json')))) {
    throw new UsageError(`${directory} holds something else than an import`, {
      hint: 'Give a new or empty folder with --out.',
    });
  }
}

type StateCounts = Partial<Record<NetworkState, number>>;

function countStates({ results }: ImportedStudy): StateCounts {
  const counts: StateCounts = {};
  for (const { state } of results.networks) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function printText(directory: string, { results, importFile }: ImportedStudy, count: StateCounts) {
  // The latter name networks without a test, and dead ones, as the report does.
  const warnings = [...importFile.warnings, ...warningsOf(results, [])];
  for (const warning of warnings) remark(`${colours.yellow('warning')} ${warning}`);
  for (const note of importFile.notes) remark(colours.dim(note));
  const states = Object.entries(count).map(([state, networks]) => `${networks} ${state}`);
  const path = relative(process.cwd(), directory);
  const shown = path.startsWith('..') ? directory : path || '.';
  print(resultsTable(results, outputColours));
  print(
    `${results.networks.length} networks from ${importFile.files} log files: ${states.join(', ')}; next: selffer report ${shown}`,
  );
}
