// A network's state in words: for tooltips, screen readers and lists.
import type { NetworkState, NetworkStateName } from '../../../src/dashboard/api.js';
import { againstBase, percent, whole } from './numbers.js';

/** What each state is called, what it means, and what can be done. */
export interface StateWords {
  /** In a cell that has no number. */
  readonly short: string;
  readonly meaning: string;
  /** Null where there is nothing to do. */
  readonly advice: string | null;
}

/** Words of every state, in the order of legends and filters. */
export const stateWords: Readonly<Record<NetworkStateName, StateWords>> = {
  waiting: { short: '\u00b7', meaning: 'has not begun', advice: null },
  running: { short: '\u2026', meaning: 'is being trained', advice: null },
  done: { short: 'done', meaning: 'has been trained and tested', advice: null },
  dead: {
    short: 'dead',
    meaning: 'was trained and cannot be told apart from chance',
    advice:
      'It is left out of lines and differences and counted there. If many are dead, train the ' +
      'study with a smaller learning rate.',
  },
  failed: {
    short: 'failed',
    meaning: 'could not be trained to its end',
    advice: 'Remove the cause, then resume the study: networks that failed are tried again.',
  },
  missing: {
    short: 'missing',
    meaning: 'cannot be trained, for what it copies is not there',
    advice: 'See to the network that it copies first, then resume the study.',
  },
};

/** All states in the order of {@link stateWords}. */
export const stateNames = Object.keys(stateWords) as readonly NetworkStateName[];

/** The name without its split: "A3B+" of "split0/A3B+". */
export function ownName({ name }: Pick<NetworkState, 'name'>): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** "A3B+, split0: running, 41.2 % after 300 of 600 iterations". */
export function inWords(network: NetworkState): string {
  const folder = network.name.slice(0, Math.max(0, network.name.lastIndexOf('/')));
  const where = folder === '' ? '' : `, ${folder}`;
  return `${ownName(network)}${where}: ${standing(network)}`;
}

/** "running, 41.2 % after 300 of 600 iterations", "done, 61.2 %, 1.1 points above its base". */
export function standing(network: NetworkState): string {
  const { state, accuracy, matchedPt, reason } = network;
  const words: string[] = [state];
  if (state === 'running' || (state === 'waiting' && network.iteration !== null)) {
    words.push(progressWords(network));
  } else if (accuracy !== null) words.push(percent(accuracy));
  const isBase = network.treatment === 'base';
  if (state === 'done' && matchedPt !== null && !isBase) words.push(againstBase(matchedPt));
  return reason === null ? words.join(', ') : `${words.join(', ')}: ${reason}`;
}

function progressWords({ accuracy, iteration, iterations }: NetworkState): string {
  const at = `${whole(iteration ?? 0)} of ${whole(iterations)} iterations`;
  return accuracy === null ? at : `${percent(accuracy)} after ${at}`;
}

/** Share of its iterations that a network has behind it, 0..1. */
export function progressOf({ state, iteration, iterations }: NetworkState): number {
  if (state === 'done' || state === 'dead') return 1;
  return iterations > 0 ? Math.min(1, (iteration ?? 0) / iterations) : 0;
}
