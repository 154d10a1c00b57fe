// `selffer doctor`: what this machine can do, what is missing, and the one command that installs
// it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Command } from 'commander';
import { SelfferError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { openWordNet } from '../../data/wordnet/database.js';
import {
  type ExecutorFacts,
  type ExecutorName,
  executorNames,
  executorTable,
} from '../../executors/names.js';
import { colours, print, printJson } from '../output.js';
import { packageVersion } from '../../base/package-files.js';
import type { ProbeAnswer } from '../../library/probe-answer.js';
import { probeExecutor } from '../../library/executors.js';
import { formatSize } from '../../base/quantities.js';
import { defaultMemoryBytes } from '../../library/machine-share.js';

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say which executors and databases this machine has, and what is missing')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer doctor')
    .action((options: { json?: boolean }) => {
      const threads = availableParallelism();
      const executors = executorNames.map((name) => ({ name, ...probeExecutor(name, threads) }));
      const machine = {
        selffer: packageVersion(),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        threads,
        memoryBytes: totalmem(),
        memoryForGangsBytes: defaultMemoryBytes(),
      };
      const wordNet = lookForWordNet();
      const cache = { path: cacheDirectory(), bytes: bytesBelow(cacheDirectory()) };
      if (options.json) {
        printJson({ ...machine, executors, wordNet, cache });
      } else {
        print(
          [
            `selffer ${machine.selffer}, node ${machine.node}, ${machine.platform}`,
            `${machine.cpu}, ${threads} threads, ${formatSize(machine.memoryBytes)} memory (gangs may take ${formatSize(machine.memoryForGangsBytes)})`,
            ...executors.map(executorText),
            wordNetText(wordNet),
            `cache    ${cache.path}: ${formatSize(cache.bytes)} of decoded images and unpacked libraries; delete it to make room`,
          ].join('\n'),
        );
      }
      // With nothing but the yardstick it is not a machine to work on.
      const isFast = executors.some(
        (each) => executorTable[each.name].purpose === 'work' && 'info' in each,
      );
      process.exitCode = isFast ? 0 : 1;
    });
}

/** Bytes of all files below a folder; 0 if it is not there. */
function bytesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.reduce((sum, file) => {
    const stats = statSync(join(file.parentPath, file.name), { throwIfNoEntry: false });
    return sum + (stats?.isFile() ? stats.size : 0);
  }, 0);
}

function executorText(executor: { readonly name: ExecutorName } & ProbeAnswer): string {
  if ('info' in executor) {
    const { version, instructionSet, threads, precisions } = executor.info;
    const { slowness }: ExecutorFacts = executorTable[executor.name];
    const speed = slowness === undefined ? '' : `; ${slowness}`;
    return `${colours.green('found')}    ${executor.name}: ${version}, ${instructionSet}, ${threads} threads, ${precisions.join(' and ')}${speed}`;
  }
  const hint = executor.hint === undefined ? '' : `\n         ${executor.hint}`;
  const message = executor.message.replace(`${executor.name}: `, '');
  return `${colours.red('missing')}  ${executor.name}: ${message}${hint}`;
}

/** The database that `{under: ...}` and synsets outside of ILSVRC2012 need, or why there is
 *  none. */
type WordNetAnswer =
  | { readonly path: string; readonly version: string }
  | { readonly message: string; readonly hint?: string };

function lookForWordNet(): WordNetAnswer {
  try {
    const { path, version } = openWordNet('WordNet');
    return { path, version };
  } catch (error) {
    if (!(error instanceof SelfferError)) throw error;
    const { message, hint } = error;
    return { message, ...(hint === undefined ? {} : { hint }) };
  }
}

function wordNetText(answer: WordNetAnswer): string {
  if ('path' in answer) {
    return `${colours.green('found')}    WordNet ${answer.version}: ${answer.path}`;
  }
  const hint = answer.hint === undefined ? '' : `\n         ${answer.hint}`;
  return `${colours.dim('missing')}  ${answer.message} (only studies that split classes by WordNet need it)${hint}`;
}
