// Runs a study: gangs in order, bases first, each through a launcher; what has ended is not trained
// again.
import { existsSync, rmSync } from 'node:fs';
import { clearFailure, writeFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import type { WorkerEvent } from '../../train/events.js';
import {
  divideIntoGangs,
  type Engine,
  type Gang,
  gangJob,
  type GangLimits,
} from '../plan/gangs.js';
import type { GangEnd, GangRun, Launcher } from './launcher.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import { runInOrder } from './run-in-order.js';
import { writeResults } from '../store/results-file.js';
import { removeRun } from '../store/open-folder.js';
import type { RunState } from '../store/run-state.js';
import { StudyFolder } from './folder.js';

/** What a run says while it works; worker events carry the gang they come from. */
export type StudyEvent =
  | {
      readonly event: 'study';
      readonly name: string;
      readonly directory: string;
      readonly networks: number;
      /** Networks that this run trains. */
      readonly todo: number;
    }
  | {
      readonly event: 'gang';
      readonly gang: string;
      readonly networks: readonly string[];
      readonly index: number;
      readonly gangs: number;
    }
  | (WorkerEvent & { readonly gang: string })
  | {
      readonly event: 'gang-failed';
      readonly gang: string;
      readonly networks: readonly string[];
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    }
  | {
      readonly event: 'skipped';
      readonly gang: string;
      readonly networks: readonly string[];
      readonly message: string;
    };

/** How a study is run. */
export interface RunOptions {
  readonly plan: Plan;
  /** The study's folder: locked and opened by the caller. Absolute. */
  readonly directory: string;
  readonly launcher: Launcher;
  readonly engine: Engine;
  readonly limits: GangLimits;
  /** Gangs that are trained at once, each in a worker of its own; default 1. `engine.threads` and
   *  `limits` are each one's. */
  readonly workers?: number;
  /** Which networks are wanted; what they copy from is trained too. Default all. */
  readonly only?: (network: PlannedNetwork) => boolean;
  readonly onEvent?: (event: StudyEvent) => void;
  /** Aborted: finish the iteration, save, return. */
  readonly stop?: AbortSignal;
  /** Aborted: end the worker at once. */
  readonly kill?: AbortSignal;
}

/** How a run ended. */
export interface RunOutcome {
  readonly outcome: 'finished' | 'stopped';
  /** States of all planned networks. */
  readonly states: ReadonlyMap<string, RunState>;
  /** The first failure that concerns the machine rather than one gang, such as a missing
   *  executor. */
  readonly failure: Extract<GangEnd, { outcome: 'failed' }> | null;
}

// Failures that every other gang would meet too.
const FATAL_CODES = new Set(['executor-missing', 'usage', 'unsupported-op']);

/** Trains what is missing of a study, a gang as soon as the bases it copies are there. Never throws
 *  for a failing network: its state says so. How many workers there are changes no number. */
export async function runStudy(options: RunOptions): Promise<RunOutcome> {
  const { plan, directory, onEvent = () => {} } = options;
  const todo = networksToTrain(options, 'prepare');
  for (const { name } of todo) clearFailure(networkFiles(directory, name).failure);
  onEvent({
    event: 'study',
    name: plan.study.name,
    directory,
    networks: plan.networks.length,
    todo: todo.length,
  });
  const results = new ResultsWriter(directory);
  results.write();
  const gangs = divideIntoGangs(plan, todo, options.limits);
  let failure: RunOutcome['failure'] = null;
  let isStopped = false;
  await runInOrder(
    gangs,
    options.workers ?? 1,
    async (gang, index) => {
      const end = await runGang(options, gang, { index, gangs: gangs.length }, results, onEvent);
      if (end?.outcome === 'stopped') isStopped = true;
      if (end?.outcome === 'failed' && FATAL_CODES.has(end.code)) failure ??= end;
    },
    () => {
      if (options.stop?.aborted || options.kill?.aborted) isStopped = true;
      return isStopped || failure !== null;
    },
  );
  results.write();
  const states = new StudyFolder(directory).states(plan.networks);
  if (!isStopped && plan.study.keep === 'none') dropWeights(plan, directory, states);
  return { outcome: isStopped ? 'stopped' : 'finished', states, failure };
}

/** The networks that a run has to train: wanted, not ended, and the bases they need whose weights
 *  are not there. Such a base that had ended is made to start again unless this is only a
 *  `look`. */
export function networksToTrain(
  { plan, directory, only = () => true }: Pick<RunOptions, 'plan' | 'directory' | 'only'>,
  mode: 'look' | 'prepare' = 'look',
): readonly PlannedNetwork[] {
  const states = new StudyFolder(directory).states(plan.networks);
  const isEnded = ({ name }: PlannedNetwork): boolean => states.get(name)?.record !== null;
  const wanted = new Set(plan.networks.filter((each) => only(each) && !isEnded(each)));
  const needed = new Set([...wanted].map(({ requires }) => requires));
  for (const base of plan.networks.filter(({ name }) => needed.has(name))) {
    const isThere = existsSync(networkFiles(directory, base.name).weights);
    const isDone = states.get(base.name)?.state === 'done';
    if (isEnded(base) && (isThere || !isDone)) continue;
    // A base that is done but whose weights were not kept is trained again: the same numbers, and
    // the weights.
    if (isEnded(base) && mode === 'prepare') removeRun(directory, base.name);
    wanted.add(base);
  }
  return plan.networks.filter((network) => wanted.has(network));
}

async function runGang(
  options: RunOptions,
  whole: Gang,
  place: { readonly index: number; readonly gangs: number },
  results: ResultsWriter,
  onEvent: (event: StudyEvent) => void,
): Promise<GangEnd | null> {
  const { plan, directory, launcher, engine } = options;
  const states = new StudyFolder(directory).states(plan.networks);
  const isReady = ({ requires }: PlannedNetwork): boolean =>
    requires === null || states.get(requires)?.state === 'done';
  const blocked = whole.networks.filter((network) => !isReady(network));
  if (blocked.length > 0) {
    const bases = [...new Set(blocked.map(({ requires }) => requires))];
    const reasons = bases.map((base) => `${base} is ${states.get(base as string)?.state}`);
    onEvent({
      event: 'skipped',
      gang: whole.name,
      networks: blocked.map(({ name }) => name),
      message: reasons.join(', '),
    });
  }
  const gang = { name: whole.name, networks: whole.networks.filter(isReady) };
  if (gang.networks.length === 0) return null;
  const names = gang.networks.map(({ name }) => name);
  onEvent({ event: 'gang', gang: gang.name, networks: names, ...place });

  const run = launcher.launch(gangJob(plan, gang, directory, engine), (event) => {
    onEvent({ ...event, gang: gang.name });
    if (event.event === 'ended') results.writeSoon();
  });
  const end = await endOf(run, options);
  if (end.outcome === 'failed') {
    for (const name of names) {
      const { record, failure } = networkFiles(directory, name);
      if (!existsSync(record)) writeFailure(failure, end.message);
    }
    const { code, message, hint } = end;
    const detail = { code, message, ...(hint === undefined ? {} : { hint }) };
    onEvent({ event: 'gang-failed', gang: gang.name, networks: names, ...detail });
  }
  results.write();
  return end;
}

/** Waits for a gang, passing on requests to stop or to end at once. */
async function endOf(run: GangRun, { stop, kill }: RunOptions): Promise<GangEnd> {
  const onStop = (): void => run.stop();
  const onKill = (): void => run.kill();
  if (stop?.aborted) onStop();
  if (kill?.aborted) onKill();
  stop?.addEventListener('abort', onStop);
  kill?.addEventListener('abort', onKill);
  try {
    const end = await run.end;
    // A worker that was ended on request did not fail.
    return kill?.aborted && end.outcome === 'failed' ? { outcome: 'stopped' } : end;
  } finally {
    stop?.removeEventListener('abort', onStop);
    kill?.removeEventListener('abort', onKill);
  }
}

/** With `keep: none`, the bases' weights go once nothing is left that would copy them. */
function dropWeights(plan: Plan, directory: string, states: ReadonlyMap<string, RunState>): void {
  for (const base of plan.networks.filter(({ phase }) => phase === 'base')) {
    const isNeeded = plan.networks.some(
      ({ requires, name }) => requires === base.name && states.get(name)?.record === null,
    );
    if (!isNeeded) rmSync(networkFiles(directory, base.name).weights, { force: true });
  }
}

/** Rewrites results.json; many networks that end in one iteration make one write. */
class ResultsWriter {
  readonly #directory: string;
  #isAsked = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  writeSoon(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    setImmediate(() => {
      if (this.#isAsked) this.write();
    });
  }

  write(): void {
    this.#isAsked = false;
    const folder = new StudyFolder(this.#directory);
    if (folder.plan() !== null) writeResults(this.#directory, folder);
  }
}
