// Runs a study: gangs in order, each after what it copies and through a launcher; what has ended is
// not trained again.
import { existsSync } from 'node:fs';
import { clearFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import { confirmWeights } from '../../runs/weights.js';
import type { WorkerEvent } from '../../train/events.js';
import { divideIntoGangs, type Engine, type GangLimits } from '../plan/gangs.js';
import { neededNetworks } from '../plan/needed-networks.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';
import { submittedGangs } from './submitted-gangs.js';
import { removeRun } from '../store/open-folder.js';
import type { RunState } from '../store/run-state.js';
import { StudyFolder } from './folder.js';
import { importBases } from './import-bases.js';
import type { LaunchEvent, Launcher, StudyEnd, StudyRun } from './launcher.js';
import { dropWeights, passingWeights } from './passing-weights.js';
import { ResultsWriter } from './results-writer.js';

/** What a run says while it works; worker events carry the gang they come from. */
export type StudyEvent =
  | {
      readonly event: 'study';
      readonly name: string;
      readonly directory: string;
      /** All of the study. */
      readonly networks: number;
      /** Those that this run trains: each of them ends with `ended`, or is named by `skipped` or
       *  `gang-failed`. */
      readonly todo: number;
    }
  | {
      readonly event: 'gang';
      readonly gang: string;
      readonly networks: readonly string[];
      /** Which of the `gangs` it is, from 0. */
      readonly index: number;
      readonly gangs: number;
    }
  | (WorkerEvent & { readonly gang: string })
  | Extract<LaunchEvent, { event: 'submitted' }>
  | {
      readonly event: 'gang-failed';
      readonly gang: string;
      readonly networks: readonly string[];
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    };

/** How a study is run. */
export interface RunOptions {
  readonly plan: Plan;
  /** The study's folder: locked and opened by the caller. Absolute. */
  readonly directory: string;
  readonly launcher: Launcher;
  readonly engine: Engine;
  readonly limits: GangLimits;
  /** Which networks are wanted; what they copy and the bases of their own targets are trained too.
   *  Default all. */
  readonly only?: (network: PlannedNetwork) => boolean;
  /** Whether something else trains a network already, or will: it is left alone. */
  readonly isElsewhere?: (name: string) => boolean;
  readonly onEvent?: (event: StudyEvent) => void;
  /** Aborted: finish the iteration, save, return. */
  readonly stop?: AbortSignal;
  /** Aborted: end the worker at once. */
  readonly kill?: AbortSignal;
}

/** How a run ended. */
export interface RunOutcome {
  readonly outcome: StudyEnd['outcome'];
  /** States of all planned networks. */
  readonly states: ReadonlyMap<string, RunState>;
  /** The first failure that concerns the machine rather than one gang, such as a missing
   *  executor. */
  readonly failure: StudyEnd['failure'];
}

/** Trains what is missing of a study, a gang as soon as the bases it copies are there. Never throws
 *  for a failing network: its state says so. How many workers there are changes no number.
 *  @throws RunStoreError if weights that would be copied are not those that were trained */
export async function runStudy(options: RunOptions): Promise<RunOutcome> {
  const { plan, directory, launcher, engine, onEvent = () => {} } = options;
  importBases(plan, directory);
  const folder = new StudyFolder(directory);
  const todo = networksToTrain(options, 'prepare', folder);
  confirmBases(directory, todo);
  for (const { name } of todo) clearFailure(networkFiles(directory, name).failure);
  folder.refresh(todo.map(({ name }) => name));
  onEvent({
    event: 'study',
    name: plan.study.name,
    directory,
    networks: plan.networks.length,
    todo: todo.length,
  });
  const passing = passingWeights(plan);
  const results = new ResultsWriter(folder);
  results.write();
  const gangs = divideIntoGangs(plan, todo, options.limits);
  const run = launcher.submit(submittedGangs(plan, gangs, directory, engine));
  const places = new Map(gangs.map(({ name }, index) => [name, index]));
  const detach = passOnRequests(run, options);
  try {
    for await (const event of run.events) {
      const place = { index: places.get(event.gang) ?? 0, gangs: gangs.length };
      for (const each of studyEvents(event, place)) onEvent(each);
      if (event.event === 'ended') {
        folder.refresh([event.network]);
        results.writeSoon();
      }
      if (event.event === 'over') {
        folder.refresh(event.networks);
        results.write();
        if (event.end.outcome !== 'stopped') dropWeights(folder, plan.networks, passing);
      }
    }
  } catch (error) {
    // What listens has failed: nobody would hear of the workers any more.
    run.stop();
    await run.end;
    throw error;
  } finally {
    detach();
    results.cancel();
  }
  const { outcome, failure } = await run.end;
  folder.refresh();
  results.write();
  if (outcome === 'finished') dropWeights(folder, plan.networks, passing);
  return { outcome, states: folder.states(plan.networks), failure };
}

/** Before anything is trained: are the weights that will be copied those that were trained? Bases
 *  that are still to be trained come later; workers look again. */
function confirmBases(directory: string, todo: readonly PlannedNetwork[]): void {
  const bases = new Set(todo.flatMap(({ requires }) => requires ?? []));
  for (const { name } of todo) bases.delete(name);
  for (const name of bases) confirmWeights(networkFiles(directory, name));
}

/** What a launcher says, as a study says it. */
function studyEvents(
  event: LaunchEvent,
  place: { readonly index: number; readonly gangs: number },
): readonly StudyEvent[] {
  const { gang } = event;
  if (event.event === 'begun') {
    return [{ event: 'gang', gang, networks: event.networks, ...place }];
  }
  if (event.event !== 'over') return [event];
  const { networks, end } = event;
  if (end.outcome !== 'failed') return [];
  const { code, message, hint } = end;
  const detail = { code, message, ...(hint === undefined ? {} : { hint }) };
  return [{ event: 'gang-failed', gang, networks, ...detail }];
}

/** Passes requests to stop or to end at once on to the workers. @returns what ends that */
function passOnRequests(run: StudyRun, { stop, kill }: RunOptions): () => void {
  const onStop = (): void => run.stop();
  const onKill = (): void => run.kill();
  if (stop?.aborted) onStop();
  if (kill?.aborted) onKill();
  stop?.addEventListener('abort', onStop);
  kill?.addEventListener('abort', onKill);
  return () => {
    stop?.removeEventListener('abort', onStop);
    kill?.removeEventListener('abort', onKill);
  };
}

/** The networks that a run has to train: wanted and not ended; the bases of their own targets that
 *  have not ended; and what they copy, directly or not, whose weights are not there. Of that, what
 *  had ended is made to start again unless this is only a `look`. */
export function networksToTrain(
  {
    plan,
    directory,
    only = () => true,
    isElsewhere = () => false,
  }: Pick<RunOptions, 'plan' | 'directory' | 'only' | 'isElsewhere'>,
  mode: 'look' | 'prepare' = 'look',
  folder = new StudyFolder(directory),
): readonly PlannedNetwork[] {
  const states = folder.states(plan.networks);
  const isEnded = ({ name }: PlannedNetwork): boolean =>
    states.get(name)?.record !== null || isElsewhere(name);
  const isThere = (network: PlannedNetwork): boolean =>
    isElsewhere(network.name) ||
    (isEnded(network) &&
      (states.get(network.name)?.state !== 'done' ||
        existsSync(networkFiles(directory, network.name).weights)));
  const wanted = new Set(plan.networks.filter((each) => only(each) && !isEnded(each)));
  const needed = neededNetworks(plan.networks, wanted, isThere);
  for (const each of plan.networks) {
    if (needed.compared.has(each.name) && !isEnded(each)) wanted.add(each);
    if (!needed.copied.has(each.name) || isThere(each)) continue;
    // What is done but whose weights were not kept is trained again: the same numbers, and the
    // weights.
    if (isEnded(each) && mode === 'prepare' && each.pretrained === undefined) {
      removeRun(directory, each.name);
      folder.refresh([each.name]);
    }
    wanted.add(each);
  }
  // Read from files: see `importBases`.
  return plan.networks.filter((each) => wanted.has(each) && each.pretrained === undefined);
}
