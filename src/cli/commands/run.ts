// `selffer run STUDY.yaml`: trains what is missing of a study and writes its report.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatIssue, UsageError } from '../../base/errors.js';
import type { ExecutorInfo } from '../../executors/executor.js';
import type { ExecutorName } from '../../executors/names.js';
import { type GangLimits, largestGang } from '../../study/plan/gangs.js';
import { printStudy } from '../../study/file/print-study.js';
import { readStudyFile } from '../../study/file/read-study.js';
import type { ResolvedStudy } from '../../study/file/resolve.js';
import { type Plan, planStudy } from '../../study/plan/plan.js';
import type { RunOutcome } from '../../study/run/run-study.js';
import type { Dashboard } from '../../dashboard/dashboard.js';
import { lockStudy } from '../../study/store/lock.js';
import type { Share } from '../../study/store/calibration-file.js';
import { isForeign, openFolder } from '../../study/store/open-folder.js';
import { dryRun } from '../dry-run.js';
import { unfinishedNetworks } from '../unfinished.js';
import { onlyMatching } from '../only.js';
import { colours, print, printJson, remark } from '../output.js';
import { servedPage } from '../own-run.js';
import { fewTestsOf } from '../../study/plan/enough-tests.js';
import { explained, planOfFolder } from '../plan-of-folder.js';
import { prepareData, surveyData } from '../prepare-data.js';
import { chooseExecutor, requirePrecision } from '../probe.js';
import { defaultMemoryBytes, formatSize } from '../quantities.js';
import {
  collect,
  executorOption,
  loadersOption,
  parsePort,
  sizeOption,
  threadsOption,
  measuredWorkersOption,
} from '../options.js';
import { guessedShare, shareOf } from '../share.js';
import { profileText } from '../profile-text.js';
import { engineOf, type Training, trainPlan } from '../train-plan.js';
import { UsageLog, writeProfile } from '../usage-log.js';
import { finishReport } from '../finish-report.js';

/** Options of `run` and `demo`. */
export interface RunCommandOptions {
  readonly out?: string;
  readonly executor: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly memory?: number;
  readonly workers?: number | 'measure';
  readonly loaders?: number;
  readonly profile?: boolean;
  readonly only?: readonly string[];
  readonly set?: readonly string[];
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly exact?: boolean;
  readonly json?: boolean;
  /** Port of the live page; true: any that is free. */
  readonly serve?: number | true;
}

/** Adds the command. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('train what is missing of a study and write its report')
    .argument('<study>', 'study file (YAML); `selffer init` writes one')
    .option('--out <dir>', 'folder of the study (default: ./<study name>)')
    .addOption(executorOption())
    .addOption(threadsOption())
    .addOption(measuredWorkersOption())
    .addOption(loadersOption())
    .addOption(sizeOption())
    .option(
      '--only <pattern>',
      'only these networks, those they copy, and the bases of their own targets, e.g. "A*B+" (repeatable)',
      collect,
    )
    .option(
      '--set <key=value>',
      'set a key of the study, e.g. solver.epochs=2 (repeatable)',
      collect,
    )
    .option('--dry-run', 'print networks, hours, memory and disk, and train nothing')
    .option('--force', 'remove runs of other settings and failed ones, and train them again')
    .option('--exact', 'direct algorithms only: slower, a little more exact')
    .option('--profile', 'say where the time goes, and write profile.json; a little slower')
    .option('--json', 'one JSON event a line on standard output')
    .option('--serve [port]', 'show the run on a live page in the browser until it ends', parsePort)
    .addHelpText(
      'after',
      '\nExamples:\n  selffer run study.yaml --set solver.epochs=2 --only "split0/*"\n  selffer run study.yaml --serve',
    )
    .action(async (study: string, options: RunCommandOptions) => {
      process.exitCode = await runCommand(study, options);
    });
}

/** Runs a study file. @returns the exit status: 0 all done, 1 something failed, 130 interrupted */
export async function runCommand(studyPath: string, options: RunCommandOptions): Promise<number> {
  const { study, setBy } = readAloud(studyPath, options.set ?? []);
  const directory = resolve(options.out ?? study.name);
  const { workers, threads } = guessedShare(options);
  const memoryBytes = options.memory ?? defaultMemoryBytes();
  if (options.dryRun) {
    const { factsOf, cacheBytes } = await surveyData(study);
    const plan = planStudy(study, factsOf);
    warnOfFewTests(plan, options);
    const { executor, json = false } = options;
    const place = { plan, directory, only: wantedOf(plan, options) };
    const limits: GangLimits = { memoryBytes: memoryBytes / workers, networks: largestGang };
    return dryRun({ ...place, limits, threads, workers, executor, setBy, cacheBytes }, json);
  }
  const data = await prepareData(study);
  const plan = planOfFolder(study, data, directory);
  warnOfFewTests(plan, options);
  const only = wantedOf(plan, options);
  if (isForeign(directory)) {
    throw new UsageError(`${directory} is not empty and holds no study`, {
      hint: 'Give a new or empty folder with --out.',
    });
  }
  const executor = chooseExecutor(options.executor, threads);
  requirePrecision(executor, study.precision);
  mkdirSync(directory, { recursive: true });
  const unlock = lockStudy(directory);
  let page: Dashboard | null = null;
  try {
    const open = () => openFolder(directory, plan, printStudy(study), options.force ?? false);
    for (const message of explained(study, data, open)) warn(message, options.json ?? false);
    const asJson = options.json ?? false;
    page = await servedPage(directory, options.serve, asJson);
    const share = await shareOf({ plan, directory, only, memoryBytes, executor }, options, asJson);
    if (!asJson) sayWhatRuns(plan, directory, executor.info, share);
    const training = {
      ...{ plan, directory, only, workers: share.workers, usage: new UsageLog() },
      engine: engineOf(executor.name, study.precision, { ...options, threads: share.threads }),
      limits: { memoryBytes: memoryBytes / share.workers, networks: largestGang },
    };
    const outcome = await trainPlan(training, asJson);
    if (options.profile) sayProfile(training, executor.info, asJson);
    return await conclude(training, outcome, asJson);
  } finally {
    await page?.close();
    unlock();
  }
}

function sayWhatRuns(plan: Plan, directory: string, info: ExecutorInfo, share: Share): void {
  const { version, instructionSet } = info;
  const { workers, threads } = share;
  remark(
    colours.dim(
      `${plan.study.name}: ${plan.networks.length} networks in ${directory}, ${version} (${instructionSet}), ${workers === 1 ? '' : `${workers} workers of `}${threads} threads`,
    ),
  );
}

function wantedOf(plan: Plan, { only = [] }: RunCommandOptions) {
  const isWanted = onlyMatching(
    only,
    plan.networks.map(({ name }) => name),
  );
  return ({ name }: { readonly name: string }): boolean => isWanted(name);
}

function warn(message: string, asJson: boolean): void {
  if (asJson) printJson({ event: 'warning', message });
  else remark(`${colours.yellow('warning')} ${message}`);
}

function warnOfFewTests(plan: Plan, options: RunCommandOptions): void {
  const few = fewTestsOf(plan);
  if (few !== null) warn(few, options.json ?? false);
}

// What of the study's files is not taken is said before anything is trained.
function readAloud(path: string, settings: readonly string[]): ResolvedStudy {
  const found = readStudyFile(path, settings);
  for (const each of found.remarks) remark(`${colours.yellow('warning')} ${formatIssue(each)}`);
  return found;
}

function sayProfile(
  { directory, usage, workers }: Training,
  executor: ExecutorInfo,
  asJson: boolean,
): void {
  if (usage.gangs.length === 0) return;
  writeProfile(directory, usage.gangs, executor, workers);
  if (!asJson) print(`${profileText(usage.gangs)}\n`);
}

async function conclude(
  { plan, directory, only, usage }: Training,
  { outcome, states, failure }: RunOutcome,
  asJson: boolean,
): Promise<number> {
  const { peakResidentBytes } = usage;
  if (!asJson && peakResidentBytes !== null) {
    remark(colours.dim(`peak memory of a worker: ${formatSize(peakResidentBytes)}`));
  }
  if (outcome === 'stopped') {
    if (asJson) printJson({ event: 'end', outcome, directory, peakResidentBytes });
    else
      remark(
        `stopped; run the same command again to resume (${directory}); \`selffer report\` shows what is there`,
      );
    return 130;
  }
  if (failure) {
    if (asJson) printJson({ event: 'end', outcome: 'failed', directory, message: failure.message });
    return 1;
  }
  const report = await finishReport(directory);
  const wanted = plan.networks.filter(only);
  const unfinished = unfinishedNetworks(wanted, states);
  if (asJson) {
    printJson({
      event: 'end',
      outcome,
      directory,
      report: report.path,
      peakResidentBytes,
      unfinished: unfinished.map(({ name }) => name),
    });
  } else {
    print(report.text);
    for (const line of report.failed) remark(`${colours.red('failed')} ${line}`);
    if (unfinished.length > 0) {
      remark(
        `${colours.red('unfinished')} ${unfinished.length} of ${wanted.length} networks; \`selffer status ${directory}\` says why`,
      );
    }
  }
  return unfinished.length > 0 ? 1 : 0;
}
