// How a cell of the plan looks, of its network's state alone.
import type { NetworkState } from '../../../src/dashboard/api.js';
import { shortNumber } from '../words/numbers.js';
import { stateWords } from '../words/network-words.js';
import { binOf } from './bins.js';

/** Class names: the state, and for what is done the colour's class. */
export function cellClass(
  network: NetworkState,
  stepPt: number,
  { isShown, isChosen }: { readonly isShown: boolean; readonly isChosen: boolean },
): string {
  const { state, matchedPt, treatment } = network;
  const isColoured = state === 'done' && matchedPt !== null && treatment !== 'base';
  return [
    'cell',
    state,
    isColoured ? `bin${binOf(matchedPt, stepPt)}` : '',
    isShown ? '' : 'faded',
    isChosen ? 'chosen' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}

/** What stands in the cell: a number where there is one, otherwise a word. */
export function cellText(network: NetworkState, show: 'accuracy' | 'difference'): string {
  const { state, accuracy, matchedPt, treatment } = network;
  if (state !== 'done' && state !== 'running') return stateWords[state].short;
  const isDifference = show === 'difference' && treatment !== 'base' && state === 'done';
  const number = isDifference ? shortNumber(matchedPt, true) : shortNumber(accuracy, false);
  return number === '' ? stateWords[state].short : number;
}
