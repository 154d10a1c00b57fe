// The first half of a run: images ready, networks planned, an executor chosen, the folder opened
// and locked. What follows is training, wherever that happens.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../base/errors.js';
import type { ExecutorName } from '../executors/names.js';
import type { InFlight } from '../launch/slurm/in-flight.js';
import type { Scheduler } from '../launch/slurm/scheduler.js';
import { writeOwnNetwork } from '../study/file/network-json.js';
import { printStudy } from '../study/file/print-study.js';
import { fewTestsOf } from '../study/plan/enough-tests.js';
import { type GangLimits, largestGang } from '../study/plan/gangs.js';
import type { Plan } from '../study/plan/plan.js';
import { lockStudy } from '../study/store/lock.js';
import { isForeign, openFolder } from '../study/store/open-folder.js';
import type { Study } from '../study/study.js';
import { ScalarsWriter } from '../tensorboard/write-scalars.js';
import type { OnRunEvent } from './events.js';
import { chooseExecutor, type ChosenExecutor, requirePrecision } from './executors.js';
import { defaultMemoryBytes } from './machine-share.js';
import { onlyMatching } from './only.js';
import { flightOfPlan } from './flight.js';
import { explained, planOfFolder } from './plan-of-folder.js';
import { type DataListener, prepareData } from './prepare-data.js';
import { recognisedLines } from './recognised.js';
import { guessedShare, shareOf } from './share.js';
import { engineOf, type Training } from './train.js';
import { UsageLog } from './usage-log.js';

/** How a study is to be run. What is left out is chosen as `selffer run` chooses it. */
export interface RunSettings {
  /** Folder of the study; default: one of the study's name in the working directory. */
  readonly out?: string;
  /** What computes; default `auto`, the fastest that this machine has. */
  readonly executor?: 'auto' | ExecutorName;
  /** Threads of each worker; default: all cores, shared out. */
  readonly threads?: number;
  /** Gangs of networks that are trained at once, each in a process of its own; `measure` times a
   *  few ways to share out the cores. Default: one for every 8 cores, or measured where that
   *  pays. */
  readonly workers?: number | 'measure';
  /** Bytes that all gangs may take together; default: 60 % of what is free. */
  readonly memory?: number;
  /** Threads that cut minibatches ahead; default 0: the engine cuts each when it needs it. */
  readonly loaders?: number;
  /** Networks to train, by patterns such as "split0/A*B+"; those that they copy and the bases of
   *  their own targets are trained too. Default: all. */
  readonly only?: readonly string[];
  /** Remove runs of other settings and failed ones, and train them again. */
  readonly force?: boolean;
  /** Direct algorithms only: slower, a little more exact. */
  readonly exact?: boolean;
  /** Folder for TensorBoard: the curves of each network are written there while it trains. */
  readonly tensorboard?: string;
  /** Measure where the time goes, and write profile.json; a little slower. */
  readonly profile?: boolean;
}

/** A run whose folder is open and locked. */
export interface OpenRun extends Training {
  readonly executor: ChosenExecutor;
  /** What of the study is in a queue. */
  readonly flight: InFlight;
  /** Unlocks the folder. */
  close(): void;
}

/** The folder of a study. */
export function directoryOf({ name }: Study, { out }: RunSettings): string {
  return resolve(out ?? name);
}

/** How large gangs may be if so many are trained at once. */
export function limitsOf({ memory }: RunSettings, workers: number): GangLimits {
  return { memoryBytes: (memory ?? defaultMemoryBytes()) / workers, networks: largestGang };
}

/** True for the networks that are asked for. @throws UsageError if a pattern matches none */
export function wantedOf({ networks }: Plan, { only = [] }: RunSettings): Training['only'] {
  const isWanted = onlyMatching(
    only,
    networks.map(({ name }) => name),
  );
  return ({ name }) => isWanted(name);
}

/** Warns of a statistic that would rest on too few tests. */
export function warnOfFewTests(plan: Plan, say: OnRunEvent): void {
  const message = fewTestsOf(plan);
  if (message !== null) say({ event: 'warning', message });
}

/** Where networks are trained if not on this machine: a batch system, and what each of its tasks
 *  may take. */
export interface Elsewhere {
  readonly scheduler: Scheduler;
  readonly threads: number;
  readonly limits: GangLimits;
  readonly workers: number;
}

/** Prepares a run and opens its folder; the caller closes it.
 *  @param hear who hears of images instead of `say`
 *  @param elsewhere null: this machine trains
 *  @throws DataError, UsageError, IdentityError, ExecutorMissingError and their like, before
 *  anything is trained */
export async function openRun(
  study: Study,
  settings: RunSettings,
  say: OnRunEvent,
  hear: Partial<DataListener> = listenerOf(say),
  elsewhere: Elsewhere | null = null,
): Promise<OpenRun> {
  const directory = directoryOf(study, settings);
  const data = await prepareData(study, hear);
  const plan = planOfFolder(study, data, directory, (message) => say({ event: 'remark', message }));
  warnOfFewTests(plan, say);
  const only = wantedOf(plan, settings);
  if (isForeign(directory)) {
    throw new UsageError(`${directory} is not empty and holds no study`, {
      hint: 'Give a new or empty folder with --out.',
    });
  }
  const { threads } = elsewhere ?? guessedShare(settings);
  const warn = (message: string): void => say({ event: 'warning', message });
  const executor = chooseExecutor(settings.executor ?? 'auto', threads, warn);
  // Nodes may be of another kind than the machine that jobs are submitted from.
  if (elsewhere === null) requirePrecision(executor, study.precision);
  mkdirSync(directory, { recursive: true });
  const close = lockStudy(directory);
  try {
    const { force = false } = settings;
    const flight = await flightOfPlan(directory, plan, { slurm: elsewhere, force });
    const open = () => openFolder(directory, plan, printStudy(study), force);
    for (const message of explained(study, data, open)) warn(message);
    writeOwnNetwork(directory, study);
    const isElsewhere = (name: string): boolean => flight.networks.has(name);
    const what = { plan, directory, only, isElsewhere, executor, flight, close };
    const trained = elsewhere ?? (await onThisMachine(what, settings, say));
    const { limits, workers } = trained;
    const engine = engineOf(executor.name, study.precision, {
      ...settings,
      threads: trained.threads,
    });
    const watch = watcherOf(settings, plan, directory);
    return { ...what, engine, limits, workers, usage: new UsageLog(), watch };
  } catch (error) {
    close();
    throw error;
  }
}

async function onThisMachine(
  what: Pick<OpenRun, 'plan' | 'directory' | 'only' | 'executor'>,
  settings: RunSettings,
  say: OnRunEvent,
) {
  const { memoryBytes } = limitsOf(settings, 1);
  const share = await shareOf({ ...what, memoryBytes }, settings, say);
  return { ...share, limits: limitsOf({ memory: memoryBytes }, share.workers) };
}

// Writes curves for TensorBoard, if they are asked for.
function watcherOf(
  { tensorboard }: RunSettings,
  { networks }: Plan,
  directory: string,
): NonNullable<Training['watch']> {
  if (tensorboard === undefined) return () => {};
  const writer = new ScalarsWriter(resolve(tensorboard), directory);
  for (const { name } of networks) writer.write(name);
  return (event) => {
    if (event.event === 'test' || event.event === 'ended') writer.write(event.network);
  };
}

function listenerOf(say: OnRunEvent): DataListener {
  const remark = (message: string): void => say({ event: 'remark', message });
  return {
    recognised: (sources) => recognisedLines(sources).forEach(remark),
    decoding: ({ files, fraction }) => say({ event: 'decoding', files, fraction }),
    remark,
    warning: (message) => say({ event: 'warning', message }),
  };
}
