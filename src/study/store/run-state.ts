// Where each network is, by what its files say alone.
import { existsSync } from 'node:fs';
import { networkFiles } from '../../runs/files.js';
import type { RunRecord } from '../../runs/record.js';
import { type RunView, standingOfRun } from '../../runs/view.js';
import { didNotLearn } from '../../stats/dead.js';
import { type Rise, riseAtEnd } from '../../stats/rise.js';
import { trainingCosts } from '../needs/training-cost.js';
import { selectionTest } from '../plan/further-tests.js';
import { isOfFewImages } from '../results/measured.js';
import { letterOf } from '../tasks.js';
import type { NetworkResult, NetworkState, StudyFacts } from '../results/types.js';
import { type PlanEntry, type PlanFile, planPart } from './plan-file.js';

/** A network's state; `record` if it has ended, `message` if something went wrong. */
export interface RunState {
  readonly state: NetworkState;
  readonly record: RunRecord | null;
  readonly message: string | null;
  /** Done, but its training loss ended where guessing is. */
  readonly notLearnt?: boolean;
  /** Of a base that is done and whose accuracy still rose at its last tests. */
  readonly rising?: Rise;
}

/** True if a network has left anything that a later run would resume from or count. */
export function hasBegun(directory: string, name: string): boolean {
  const { record, checkpoint, metrics } = networkFiles(directory, name);
  return [record, checkpoint, metrics].some((path) => existsSync(path));
}

/** State of a network; what it copies, if anything, is in the state `base`. */
export function runState(
  { identity, originalName, family, requires, treatment }: PlanEntry,
  view: Pick<RunView, 'record' | 'failure' | 'isBegun' | 'finalTrainLoss' | 'finalTests'>,
  base?: RunState,
): RunState {
  const { record, failure } = view;
  if (record !== null && record.identity === identity) {
    const state = endedState(record, isOfFewImages(family) ? null : view.finalTrainLoss());
    const rise = treatment === 'base' && record.state === 'done' ? riseOf(view) : null;
    return rise === null || rise.lowPt <= 0 ? state : { ...state, rising: rise };
  }
  if (base !== undefined && ['dead', 'failed', 'missing'].includes(base.state)) {
    const message = `not trained: ${requires}, which it copies, is ${base.state}`;
    return { state: 'missing', record: null, message };
  }
  if (failure !== null) return { state: 'failed', record: null, message: failure };
  if (originalName !== undefined) {
    return { state: 'missing', record: null, message: 'no test in its logs' };
  }
  return { state: standingOfRun(view, identity), record: null, message: null };
}

// Tests that cannot be read say nothing.
function riseOf(view: Pick<RunView, 'finalTests'>): Rise | null {
  try {
    return riseAtEnd(view.finalTests());
  } catch {
    return null;
  }
}

/** State of a network that has ended; `loss` null where it says nothing. */
function endedState(record: RunRecord, loss: number | null): RunState {
  const { state, valImages, classes, message = null } = record;
  if (state === 'dead') {
    const sentence = `cannot be told apart from chance on ${valImages} images`;
    return { state, record, message: message ?? sentence };
  }
  if (state === 'done' && loss !== null && didNotLearn(loss, classes)) {
    const guessing = `ln ${classes} = ${Math.log(classes).toFixed(2)}`;
    const sentence = `did not learn: training loss ended at ${loss.toFixed(2)} (${guessing})`;
    return { state, record, message: message ?? sentence, notLearnt: true };
  }
  return { state, record, message };
}

/** Results of all networks of a plan, as `buildResults` takes them. */
export function networkResults(
  { networks, study, parts }: Pick<PlanFile, 'networks' | 'study' | 'parts'>,
  states: ReadonlyMap<string, RunState>,
): readonly NetworkResult[] {
  const costs = trainingCosts(networks, parts);
  return networks.map((network) => {
    const { name, family, split, repeat, treatment, source, target, n } = network;
    const { originalName, sizeOf } = network;
    const cost = costs.get(name);
    const { state, record, notLearnt = false, rising } = states.get(name) as RunState;
    return {
      name,
      family,
      split,
      repeat,
      treatment,
      source,
      target: letterOf(target),
      n,
      state,
      accuracy: statisticOf(record, study.statistic),
      finalAccuracy: record?.finalAccuracy ?? null,
      originalName: originalName ?? null,
      imagesPerClass: imagesPerClassOf(network, parts),
      testImages: record?.valImages ?? null,
      classes: record?.classes ?? null,
      ...(notLearnt ? { notLearnt } : {}),
      ...(rising === undefined ? {} : { rising }),
      ...(cost === undefined ? {} : { cost }),
      ...(sizeOf === undefined ? {} : { sizeOf }),
      ...testsOf(record, study.tests),
      ...rateOf(network, study, record),
    };
  });
}

// A base that is read has no rate.
function rateOf(
  { rate, content }: PlanEntry,
  { rates, selection }: StudyFacts,
  record: RunRecord | null,
): Pick<NetworkResult, 'lr' | 'selectionAccuracy'> {
  const lr = rate ?? rates?.[0];
  const accuracy = selection === undefined ? undefined : record?.tests?.[selectionTest]?.accuracy;
  return {
    ...(rates === undefined || lr === undefined || 'pretrained' in content ? {} : { lr }),
    ...(accuracy === undefined ? {} : { selectionAccuracy: accuracy }),
  };
}

// Of the sets that the study has now; of another set of that name nothing is known.
function testsOf(
  record: RunRecord | null,
  sets: StudyFacts['tests'] = {},
): Pick<NetworkResult, 'tests'> {
  const found = Object.entries(record?.tests ?? {}).filter(
    ([name, { data }]) => sets[name] === data,
  );
  if (found.length === 0) return {};
  return { tests: Object.fromEntries(found.map(([name, { accuracy }]) => [name, accuracy])) };
}

// Our own networks have it in the content of their target, imported ones by their name.
function imagesPerClassOf({ content }: PlanEntry, parts: PlanFile['parts']): number | null {
  const value = planPart(content['target'], parts)?.['imagesPerClass'] ?? content['imagesPerClass'];
  return typeof value === 'number' ? value : null;
}

/** What a study reports of a network that has ended. */
export function statisticOf(
  record: RunRecord | null,
  statistic: StudyFacts['statistic'],
): number | null {
  if (record === null) return null;
  return statistic === 'final' ? record.finalAccuracy : record.top10Accuracy;
}
