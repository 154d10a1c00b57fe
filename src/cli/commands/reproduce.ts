// `selffer reproduce DIR [NETWORK...]`: trains networks that have ended once more, and says whether
// their numbers come out again.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../base/errors.js';
import type { ExecutorName } from '../../executors/names.js';
import { isExecutorName } from '../../executors/names.js';
import { networkFiles } from '../../runs/files.js';
import { readRecord } from '../../runs/record.js';
import { readStudy } from '../../study/file/read-study.js';
import { largestGang } from '../../study/plan/gangs.js';
import { reproduce } from '../../study/reproduce/reproduce.js';
import { StudyFolder } from '../../study/run/folder.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { onlyMatching } from '../../library/only.js';
import { executorOption, sizeOption, threadsOption, workersOption } from '../options.js';
import { print, printJson, remark } from '../output.js';
import { planOfFolder } from '../../library/plan-of-folder.js';
import { prepareData } from '../prepare-data.js';
import { chooseExecutor } from '../probe.js';
import { requirePrecision } from '../../library/executors.js';
import { defaultMemoryBytes, shareCores } from '../../library/machine-share.js';
import { reproductionText } from '../reproduce-text.js';
import { engineOf } from '../../library/train.js';
import { trainPlan } from '../train-plan.js';
import { UsageLog } from '../../library/usage-log.js';

interface Options {
  readonly out?: string;
  readonly executor?: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly workers?: number;
  readonly memory?: number;
  readonly exact?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addReproduce(program: Command): void {
  program
    .command('reproduce')
    .description('train networks that have ended again, and compare every number')
    .argument('<dir>', 'folder of a study; nothing is written into it')
    .argument('[networks...]', 'names, such as split0/A3B+ or "A*B" (default: all that have ended)')
    .option('--out <dir>', 'where to train, kept; the same command resumes (default: thrown away)')
    .addOption(executorOption().default(undefined, 'the one that trained the first of them'))
    .addOption(threadsOption())
    .addOption(workersOption())
    .addOption(sizeOption())
    .option('--exact', 'direct algorithms only, if the study was run so')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each network is trained from the settings in the folder's study.yaml, a network that copies another
from the weights that the folder has of it. The same library, instruction set and number of threads
give the same bits. Exit status 0: all are equal, or differ as other arithmetic makes them.

Examples:
  selffer reproduce demo split0/A3B
  selffer reproduce demo "base*" --json`,
    )
    .action(async (dir: string, networks: string[], options: Options) => {
      process.exitCode = await reproduceCommand(resolve(dir), networks, options);
    });
}

async function reproduceCommand(
  directory: string,
  patterns: readonly string[],
  options: Options,
): Promise<number> {
  const folder = new StudyFolder(directory);
  const names = namesOf(folder, patterns);
  const study = readStudy(join(directory, 'study.yaml'));
  const data = await prepareData(study, true);
  const plan = planOfFolder(study, data, directory, remark);
  const { engine, workers } = asRecorded(directory, names[0] as string, study.precision, options);
  const scratch = resolve(options.out ?? mkdtempSync(join(tmpdir(), 'selffer-reproduce-')));
  const limits = {
    memoryBytes: (options.memory ?? defaultMemoryBytes()) / workers,
    networks: largestGang,
  };
  try {
    const found = await reproduce({
      ...{ directory, plan, names, scratch },
      train: (place, wanted) => {
        const only = ({ name }: { readonly name: string }): boolean => wanted.has(name);
        const training = { plan, directory: place, engine, limits, workers, only };
        return trainPlan({ ...training, usage: new UsageLog() }, false);
      },
    });
    if (found === null) {
      remark(options.out === undefined ? 'stopped' : 'stopped; the same command resumes');
      return 130;
    }
    if (options.json) printJson({ directory, networks: found });
    else print(reproductionText(found));
    return found.every(({ verdict }) => verdict === 'equal' || verdict === 'expected') ? 0 : 1;
  } finally {
    if (options.out === undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

/** Names of the networks that are asked for; all that have ended if none is.
 *  @throws UsageError if there is none */
function namesOf(folder: StudyFolder, patterns: readonly string[]): readonly string[] {
  const { networks } = expectPlanFile(folder);
  const isAsked = onlyMatching(
    patterns,
    networks.map(({ name }) => name),
    'reproduce',
  );
  const states = folder.states(networks);
  const isWanted = (name: string): boolean =>
    isAsked(name) && (patterns.length > 0 || states.get(name)?.record != null);
  const names = networks.map(({ name }) => name).filter(isWanted);
  if (names.length > 0) return names;
  throw new UsageError(`${folder.directory}: no network has ended, nothing to compare with`, {
    hint: '`selffer status` says where each network is.',
  });
}

/** The engine that trained a network, as far as this machine has it and nothing else is asked
 *  for. */
function asRecorded(
  directory: string,
  name: string,
  precision: Parameters<typeof requirePrecision>[1],
  options: Options,
) {
  const recorded = readRecord(networkFiles(directory, name).record)?.executor ?? null;
  const known = recorded !== null && isExecutorName(recorded.name) ? recorded.name : 'auto';
  const { workers, threads } = shareCores(availableParallelism(), {
    workers: options.workers ?? (recorded === null ? undefined : 1),
    threads: options.threads ?? recorded?.threads,
  });
  const executor = chooseExecutor(options.executor ?? known, threads);
  requirePrecision(executor, precision);
  const { exact = false } = options;
  return { engine: engineOf(executor.name, precision, { threads, exact }), workers };
}
