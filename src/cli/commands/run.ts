// `selffer run STUDY.yaml`: trains what is missing of a study and writes its report.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatIssue, UsageError } from '../../base/errors.js';
import type { ExecutorInfo } from '../../executors/executor.js';
import { type ExecutorName, firstExecutor } from '../../executors/names.js';
import { type Engine, largestGang } from '../../study/plan/gangs.js';
import { printStudy } from '../../study/file/print-study.js';
import { readStudyFile } from '../../study/file/read-study.js';
import type { ResolvedStudy } from '../../study/file/resolve.js';
import { type Plan, planStudy } from '../../study/plan/plan.js';
import type { RunOutcome } from '../../study/run/run-study.js';
import type { Dashboard } from '../../dashboard/dashboard.js';
import type { Study } from '../../study/study.js';
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
  serveOption,
  sizeOption,
  threadsOption,
  measuredWorkersOption,
} from '../options.js';
import { guessedShare, shareOf } from '../share.js';
import { profileText } from '../profile-text.js';
import { engineOf, type Training, trainPlan } from '../train-plan.js';
import { UsageLog, writeProfile } from '../usage-log.js';
import { finishReport } from '../finish-report.js';
import { slurmDryRun } from '../slurm/dry-run.js';
import { flightOfPlan } from '../slurm/flight.js';
import { addClusterOptions, type places } from '../slurm/options.js';
import { type SlurmPlace, slurmPlace } from '../slurm/place.js';
import { submitPlan } from '../slurm/submit.js';

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
  readonly on?: (typeof places)[number];
}

/** Adds the command. */
export function addRun(program: Command): void {
  const command = program
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
    .addOption(serveOption())
    .addHelpText(
      'after',
      `
Examples:
  selffer run study.yaml --set solver.epochs=2 --only "split0/*"
  selffer run study.yaml --serve
  selffer run study.yaml --on slurm --partition long --time 4:00:00 --cpus-per-task 8 --mem 16G`,
    );
  addClusterOptions(command).action(async (study: string, options: RunCommandOptions) => {
    process.exitCode = await runCommand(study, options);
  });
}

/** Runs a study file. @returns the exit status: 0 all done or submitted, 1 something failed, 130
 *  interrupted */
export async function runCommand(studyPath: string, options: RunCommandOptions): Promise<number> {
  const { study, setBy, cluster } = readAloud(studyPath, options.set ?? []);
  const directory = resolve(options.out ?? study.name);
  const slurm = slurmPlace(options, cluster);
  if (options.dryRun) return await dryRunOf({ study, setBy, directory, options, slurm });
  const data = await prepareData(study);
  const plan = planOfFolder(study, data, directory);
  warnOfFewTests(plan, options);
  const only = wantedOf(plan, options);
  if (isForeign(directory)) {
    throw new UsageError(`${directory} is not empty and holds no study`, {
      hint: 'Give a new or empty folder with --out.',
    });
  }
  const memoryBytes = options.memory ?? defaultMemoryBytes();
  const executor = chooseExecutor(
    options.executor,
    slurm?.threads ?? guessedShare(options).threads,
  );
  // Nodes may be of another kind than the machine that jobs are submitted from.
  if (slurm === null) requirePrecision(executor, study.precision);
  const { json: asJson = false, force = false } = options;
  mkdirSync(directory, { recursive: true });
  const unlock = lockStudy(directory);
  let page: Dashboard | null = null;
  try {
    const flight = await flightOfPlan(directory, plan, { slurm, force });
    const open = () => openFolder(directory, plan, printStudy(study), force);
    for (const message of explained(study, data, open)) warn(message, asJson);
    const isElsewhere = (name: string): boolean => flight.networks.has(name);
    const what = { plan, directory, only, isElsewhere, usage: new UsageLog() };
    const engine = (threads: number): Engine =>
      engineOf(executor.name, study.precision, { ...options, threads });
    if (slurm !== null) {
      if (!asJson) sayWhatRuns(plan, directory, executor.info, slurm);
      const training = { ...what, engine: engine(slurm.threads), ...slurm };
      const { outcome, status } = await submitPlan(training, { ...slurm, flight }, asJson);
      return status ?? (await conclude(training, outcome, asJson));
    }
    page = await servedPage(directory, options.serve, asJson);
    const share = await shareOf({ plan, directory, only, memoryBytes, executor }, options, asJson);
    if (!asJson) sayWhatRuns(plan, directory, executor.info, share);
    const limits = { memoryBytes: memoryBytes / share.workers, networks: largestGang };
    const { workers } = share;
    const training = { ...what, workers, engine: engine(share.threads), limits };
    const outcome = await trainPlan(training, asJson);
    if (options.profile) sayProfile(training, executor.info, asJson);
    return await conclude(training, outcome, asJson);
  } finally {
    await page?.close();
    unlock();
  }
}

interface DryRunRequest {
  readonly study: Study;
  readonly setBy: ResolvedStudy['setBy'];
  readonly directory: string;
  readonly options: RunCommandOptions;
  readonly slurm: SlurmPlace | null;
}

async function dryRunOf(request: DryRunRequest): Promise<number> {
  const { study, setBy, directory, options, slurm } = request;
  const { factsOf, cacheBytes } = await surveyData(study);
  const plan = planStudy(study, factsOf);
  warnOfFewTests(plan, options);
  const { executor, json = false } = options;
  const what = { plan, directory, only: wantedOf(plan, options) };
  if (slurm !== null) {
    const name = executor === 'auto' ? firstExecutor : executor;
    const engine = engineOf(name, study.precision, { ...options, threads: slurm.threads });
    return await slurmDryRun({ ...what, engine, ...slurm }, json);
  }
  const { workers, threads } = guessedShare(options);
  const memoryBytes = (options.memory ?? defaultMemoryBytes()) / workers;
  const limits = { memoryBytes, networks: largestGang };
  return dryRun({ ...what, limits, threads, workers, executor, setBy, cacheBytes }, json);
}

function sayWhatRuns(
  { study, networks }: Plan,
  directory: string,
  { version, instructionSet }: ExecutorInfo,
  share: Share | SlurmPlace,
): void {
  const { workers, threads } = share;
  const local = `${workers === 1 ? '' : `${workers} workers of `}${threads} threads`;
  const where = 'scheduler' in share ? `tasks of ${threads} threads` : local;
  const what = `${networks.length} networks in ${directory}, ${version} (${instructionSet})`;
  remark(colours.dim(`${study.name}: ${what}, ${where}`));
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
