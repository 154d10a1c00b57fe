// `selffer measure DIR`: what kept weights tell without training: probes, similarity, movement, and
// segments put back.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { RunStoreError, SelfferError } from '../../base/errors.js';
import type { ExecutorName } from '../../executors/names.js';
import { startProcess } from '../../launch/worker-process.js';
import type { MeasureEvent } from '../../measure/events.js';
import { type MeasureJob, writeMeasureJob } from '../../measure/job.js';
import { isMeasured, type MeasureJobs, planJobs } from '../../measure/plan-jobs.js';
import { checked } from '../../base/json-file.js';
import { networkFiles } from '../../runs/files.js';
import { readRecord } from '../../runs/record.js';
import { readStudyFile } from '../../study/file/read-study.js';
import {
  measurementsPath,
  measurementsText,
  placeCheck,
  readMeasurements,
  writeMeasurements,
} from '../../study/measurements/measurements-file.js';
import { mergedPlace } from '../../study/measurements/merge.js';
import type { MeasuredPlace, Measurements } from '../../study/measurements/types.js';
import { validMeasurements } from '../../study/measurements/valid.js';
import type { Plan } from '../../study/plan/plan.js';
import { StudyFolder } from '../../study/run/folder.js';
import { lockStudy } from '../../study/store/lock.js';
import { expectPlanFile } from '../../study/store/results-file.js';
import { finishReport } from '../finish-report.js';
import { listenForInterrupts } from '../interrupts.js';
import { measuringDisplay } from '../measuring-display.js';
import { onlyMatching } from '../../library/only.js';
import { collect, executorOption, parseCount, threadsOption } from '../options.js';
import { colours, print, remark } from '../output.js';
import { planOfFolder } from '../../library/plan-of-folder.js';
import { prepareData } from '../prepare-data.js';
import { chooseExecutor } from '../probe.js';
import { workerScript } from '../../library/worker-script.js';

interface Options {
  readonly only?: readonly string[];
  readonly images: number;
  readonly executor: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

// Probes take as many times as long as the cube of it.
const DEFAULT_IMAGES = 500;

/** Adds the command. */
export function addMeasure(program: Command): void {
  program
    .command('measure')
    .description('measure trained networks without training: probes, similarity, movement, resets')
    .argument('<dir>', 'folder of a study')
    .option('--only <pattern>', 'only these networks, e.g. "base*" (repeatable)', collect)
    .option(
      '--images <n>',
      'most training images of a probe and validation images of a similarity',
      parseCount,
      DEFAULT_IMAGES,
    )
    .addOption(executorOption())
    .addOption(threadsOption())
    .option('--force', 'measure again what is measured')
    .option('--json', 'print measurements.json instead of the way to the report')
    .addHelpText(
      'after',
      '\nWeights of bases are kept unless the study says keep: none; with keep: all, those of every\nnetwork, so that it can be compared with what it copied. Writes measurements.json and the report.\n\nExamples:\n  selffer measure demo\n  selffer measure tiny-imagenet --only "split0/base*" --images 2000',
    )
    .action(async (dir: string, options: Options) => {
      process.exitCode = await measureCommand(resolve(dir), options);
    });
}

async function measureCommand(directory: string, options: Options): Promise<number> {
  const unlock = lockFolder(directory);
  try {
    const plan = await planOf(directory);
    const names = plan.networks.map(({ name }) => name);
    const isNamed = onlyMatching(options.only ?? [], names);
    const threads = options.threads ?? availableParallelism();
    const executor = chooseExecutor(options.executor, threads).name;
    const planned = planJobs({
      ...{ plan, directory, executor, threads, imageLimit: options.images },
      isWanted: ({ name }) => isNamed(name),
    });
    sayMissing(planned, directory);
    const before = options.force ? {} : placesOf(directory, plan);
    const jobs = planned.jobs.filter((job) => !isMeasured(before[job.place], job));
    const { places, isStopped } = await measureAll(directory, jobs, before);
    if (isStopped) return sayStopped();
    const report = await finishReport(directory);
    for (const line of report.failed) remark(line);
    if (options.json) print(measurementsText(places).trimEnd());
    else print(`${measurementsPath(directory)}\n${report.text.split('\n').at(-1)}`);
    return 0;
  } finally {
    unlock();
  }
}

// What is no study's folder gets no lock file.
function lockFolder(directory: string): () => void {
  expectPlanFile(new StudyFolder(directory));
  return lockStudy(directory);
}

async function planOf(directory: string): Promise<Plan> {
  const path = join(directory, 'study.yaml');
  if (!existsSync(path)) {
    throw new RunStoreError(`${path}: does not exist, wanted the study as it was run`, {
      hint: 'Imported studies have no weights: there is nothing to measure.',
    });
  }
  const { study } = readStudyFile(path, []);
  return planOfFolder(study, await prepareData(study), directory, remark);
}

function placesOf(directory: string, plan: Plan): Measurements['places'] {
  const kept = readMeasurements(directory);
  if (kept === null) return {};
  const recordOf = (name: string) => readRecord(networkFiles(directory, name).record);
  return validMeasurements(kept, plan.networks, recordOf).measurements.places;
}

function sayMissing({ jobs, notDone, notKept }: MeasureJobs, directory: string): void {
  const listed = (names: readonly string[]): string =>
    names.length <= 4
      ? names.join(', ')
      : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
  const hint = `Set keep: all in the study (keep: bases for bases alone), remove the folders of these networks in ${join(directory, 'runs')} and run the study again: they are trained with the same numbers.`;
  if (jobs.length === 0) {
    throw new RunStoreError(
      notKept.length === 0
        ? `${directory}: none of the networks is done: ${listed(notDone)}`
        : `${directory}: no weights were kept of ${listed(notKept)}`,
      { hint: notKept.length === 0 ? 'Run the study first.' : hint },
    );
  }
  if (notDone.length > 0) remark(`not done, left out: ${listed(notDone)}`);
  if (notKept.length > 0) {
    remark(`weights not kept, left out: ${listed(notKept)}`);
    remark(colours.dim(hint));
  }
}

function sayStopped(): number {
  remark('stopped; what was measured of whole splits is kept, the same command does the rest');
  return 130;
}

async function measureAll(
  directory: string,
  jobs: readonly MeasureJob[],
  before: Measurements['places'],
): Promise<{ readonly places: Measurements['places']; readonly isStopped: boolean }> {
  const places: Record<string, MeasuredPlace> = { ...before };
  const display = measuringDisplay(jobs.length);
  const interrupts = listenForInterrupts(() => remark('\nstopping; Ctrl-C again ends at once'));
  try {
    for (const [at, job] of jobs.entries()) {
      const measured = await measureOne(job, interrupts, (event) => display.on(at, event));
      if (measured === null) return { places, isStopped: true };
      places[job.place] = mergedPlace(before[job.place], measured);
      writeMeasurements(directory, places);
    }
    return { places, isStopped: false };
  } finally {
    interrupts.dispose();
    display.close();
  }
}

/** What a worker finds; null if it was asked to stop. */
async function measureOne(
  job: MeasureJob,
  { stop, kill }: Pick<ReturnType<typeof listenForInterrupts>, 'stop' | 'kill'>,
  onEvent: (event: MeasureEvent) => void,
): Promise<MeasuredPlace | null> {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-measure-'));
  let measured: MeasuredPlace | null = null;
  try {
    const args = ['--measure', writeMeasureJob(job, folder)];
    const { executor, threads } = job;
    const call = { args, executor, threads };
    const run = startProcess<MeasureEvent>({ workerScript: workerScript() }, call, (event) => {
      if (event.event === 'measured') {
        measured = checked(
          'the worker',
          event.measured,
          placeCheck,
          'This is a mistake in selffer.',
        );
      }
      onEvent(event);
    });
    const [onStop, onKill] = [() => run.stop(), () => run.kill()];
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop);
    kill.addEventListener('abort', onKill);
    const end = await run.end;
    if (end.outcome === 'failed' && !kill.aborted) {
      const { code, message, hint } = end;
      throw new SelfferError(code as SelfferError['code'], `${job.place}: ${message}`, {
        ...(hint === undefined ? {} : { hint }),
      });
    }
    return stop.aborted ? null : measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
