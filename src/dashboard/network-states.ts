// Networks as the page shows them, from what a study's folder says of them.
import type { ResultsInput } from '../study/results/build.js';
import { chooseRates, isChosen } from '../study/results/choose-rate.js';
import { differencesToBase } from '../study/results/measured.js';
import type { NetworkResult } from '../study/results/types.js';
import { type PlanEntry, type PlanFile, planPart } from '../study/store/plan-file.js';
import { type RunState, statisticOf } from '../study/store/run-state.js';
import { taskOf } from '../study/tasks.js';
import type { NetworkState } from './api.js';

/** The last test of a network that has not ended. */
export interface LastTest {
  readonly iteration: number;
  readonly accuracy: number;
}

/** What a state is made of. */
export interface NetworkNews {
  readonly known: RunState;
  readonly last: LastTest | null;
  readonly matchedPt: number | null;
}

/** A network of a plan. */
export function networkState(
  { name, split, repeat, family, treatment, source, target, n, content }: PlanEntry,
  { study, parts }: Pick<PlanFile, 'study' | 'parts'>,
  { known: { state, record, message }, last, matchedPt }: NetworkNews,
): NetworkState {
  const planned = planPart(content['solver'], parts)?.['iterations'];
  return {
    ...{ name, split, repeat, family, treatment, source, target, n, state },
    accuracy: record === null ? (last?.accuracy ?? null) : statisticOf(record, study.statistic),
    iteration: record?.iterations ?? last?.iteration ?? null,
    iterations: typeof planned === 'number' ? planned : (record?.iterations ?? 0),
    matchedPt,
    reason: message,
  };
}

/** A network of a results.json whose runs are not in the folder. */
export function keptState(network: NetworkResult, matchedPt: number | null): NetworkState {
  const { name, split, repeat, family, treatment, source, target, n, state, accuracy } = network;
  const iterations = network.cost?.iterations ?? 0;
  return {
    ...{ name, split, repeat, family, treatment, source, target: taskOf(target), n, state },
    ...{ accuracy, iteration: state === 'done' ? iterations : null, iterations, matchedPt },
    reason: network.notLearnt === true ? 'its training loss ended where guessing is' : null,
  };
}

/** Distances to the mean base, percentage points, by the names of the networks that have one. */
export function matchedPoints({ networks, study }: ResultsInput): ReadonlyMap<string, number> {
  const counted = chooseRates(networks, study.rates).filter(isChosen);
  return new Map([...differencesToBase(counted)].map(([{ name }, points]) => [name, points]));
}

/** Whether the page would show the two in the same way. */
export function isSameState(a: NetworkState, b: NetworkState): boolean {
  return (Object.keys(a) as (keyof NetworkState)[]).every((key) => a[key] === b[key]);
}
