// `selffer run STUDY.yaml`: trains what is missing of a study and writes its report.
import type { Command } from 'commander';
import { formatIssue } from '../../base/errors.js';
import type { Dashboard } from '../../dashboard/dashboard.js';
import { type ExecutorName, firstExecutor } from '../../executors/names.js';
import { endEvent, endRun, type RunEnd } from '../../library/end-run.js';
import type { RunEvent } from '../../library/events.js';
import {
  directoryOf,
  limitsOf,
  type OpenRun,
  openRun,
  wantedOf,
  warnOfFewTests,
} from '../../library/open-run.js';
import { guessedShare } from '../../library/share.js';
import { engineOf } from '../../library/train.js';
import { readStudyFile } from '../../study/file/read-study.js';
import type { SettingSources } from '../../study/file/setting-sources.js';
import { planStudy } from '../../study/plan/plan.js';
import type { Study } from '../../study/study.js';
import { dryRun } from '../dry-run.js';
import { calibrationText } from '../calibration-text.js';
import { inWords } from '../finish-report.js';
import {
  collect,
  executorOption,
  loadersOption,
  serveOption,
  sizeOption,
  threadsOption,
  measuredWorkersOption,
} from '../options.js';
import { colours, print, printJson, remark, warning } from '../output.js';
import { servedPage } from '../own-run.js';
import { dataDisplay, surveyData } from '../prepare-data.js';
import { profileText } from '../profile-text.js';
import { formatSize } from '../../base/quantities.js';
import { slurmDryRun } from '../slurm/dry-run.js';
import { addClusterOptions, type places } from '../slurm/options.js';
import { type SlurmPlace, slurmPlace } from '../slurm/place.js';
import { submitPlan } from '../slurm/submit.js';
import { trainPlan } from '../train-plan.js';

/** Options of `run` and `demo`. */
export interface RunCommandOptions {
  readonly out?: string;
  readonly executor: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly memory?: number;
  readonly workers?: number | 'measure';
  readonly loaders?: number;
  readonly profile?: boolean;
  readonly tensorboard?: string;
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
    .option('--tensorboard <dir>', 'write the networks’ curves there, for TensorBoard')
    .option('--json', 'one JSON event a line on standard output')
    .addOption(serveOption())
    .addHelpText(
      'after',
      `
Examples:
  selffer run study.yaml --set solver.epochs=2 --only "split0/*"
  selffer run study.yaml --serve
  selffer run study.yaml --tensorboard curves
  selffer run study.yaml --on slurm --partition long --time 4:00:00 --cpus-per-task 8 --mem 16G`,
    );
  addClusterOptions(command).action(async (study: string, options: RunCommandOptions) => {
    process.exitCode = await runCommand(study, options);
  });
}

/** Runs a study file. @returns the exit status: 0 all done or submitted, 1 something failed, 130
 *  interrupted */
export async function runCommand(studyPath: string, options: RunCommandOptions): Promise<number> {
  const asJson = options.json ?? false;
  // A dry run prints one object and nothing else.
  const say = asJson && !options.dryRun ? printJson : sayEvent;
  const { study, setBy, cluster, remarks } = readStudyFile(studyPath, options.set ?? []);
  // What of the study's files is not taken is said before anything is trained.
  for (const each of remarks) say({ event: 'warning', message: formatIssue(each) });
  const slurm = slurmPlace(options, cluster);
  if (options.dryRun) return await dryRunOf({ study, setBy, options, slurm });
  const display = asJson ? null : dataDisplay();
  const run = await openRun(study, options, say, display?.hear, slurm).finally(() =>
    display?.close(),
  );
  let page: Dashboard | null = null;
  try {
    page = slurm === null ? await servedPage(run.directory, options.serve, asJson) : null;
    if (!asJson) sayWhatRuns(run, slurm !== null);
    const { outcome, status } =
      slurm === null
        ? { outcome: await trainPlan(run, asJson), status: null }
        : await submitPlan(run, { ...slurm, flight: run.flight }, asJson);
    if (status !== null) return status;
    const end = await endRun(run, outcome);
    if (asJson) printJson(endEvent(end));
    else sayEnd(run, end);
    if (end.outcome === 'stopped') return 130;
    return end.outcome === 'failed' || end.unfinished.length > 0 ? 1 : 0;
  } finally {
    await page?.close();
    run.close();
  }
}

interface DryRunRequest {
  readonly study: Study;
  readonly setBy: SettingSources;
  readonly options: RunCommandOptions;
  readonly slurm: SlurmPlace | null;
}

async function dryRunOf({ study, setBy, options, slurm }: DryRunRequest): Promise<number> {
  const { factsOf, cacheBytes } = await surveyData(study);
  const plan = planStudy(study, factsOf);
  warnOfFewTests(plan, sayEvent);
  const { executor, json = false } = options;
  const what = { plan, directory: directoryOf(study, options), only: wantedOf(plan, options) };
  if (slurm !== null) {
    const name = executor === 'auto' ? firstExecutor : executor;
    const engine = engineOf(name, study.precision, { ...options, threads: slurm.threads });
    return await slurmDryRun({ ...what, engine, ...slurm }, json);
  }
  const share = guessedShare(options);
  const limits = limitsOf(options, share.workers);
  return dryRun({ ...what, ...share, limits, executor, setBy, cacheBytes }, json);
}

function sayEvent(event: RunEvent): void {
  if (event.event === 'warning') warning(event.message);
  else if (event.event === 'remark') remark(event.message);
  else if (event.event === 'workers') {
    const { workers, threads, tried } = event;
    remark(colours.dim(calibrationText({ tried, chosen: { workers, threads } })));
  }
}

function sayWhatRuns(
  { plan, directory, executor, workers, engine }: OpenRun,
  isSubmitted: boolean,
): void {
  const { version, instructionSet } = executor.info;
  const many = isSubmitted ? 'tasks of ' : workers === 1 ? '' : `${workers} workers of `;
  const what = `${plan.networks.length} networks in ${directory}, ${version} (${instructionSet})`;
  remark(colours.dim(`${plan.study.name}: ${what}, ${many}${engine.threads} threads`));
}

function sayEnd({ engine, usage, plan, only }: OpenRun, end: RunEnd): void {
  const { outcome, directory, peakResidentBytes, report, unfinished } = end;
  if (engine.profile && usage.gangs.length > 0) print(`${profileText(usage.gangs)}\n`);
  if (peakResidentBytes !== null) {
    remark(colours.dim(`peak memory of a worker: ${formatSize(peakResidentBytes)}`));
  }
  if (outcome === 'stopped') {
    remark(
      `stopped; run the same command again to resume (${directory}); \`selffer report\` shows what is there`,
    );
  }
  if (report === null) return;
  const { text, failed } = inWords(report);
  print(text);
  for (const line of failed) remark(`${colours.red('failed')} ${line}`);
  if (unfinished.length > 0) {
    const wanted = plan.networks.filter(only).length;
    remark(
      `${colours.red('unfinished')} ${unfinished.length} of ${wanted} networks; \`selffer status ${directory}\` says why`,
    );
  }
}
