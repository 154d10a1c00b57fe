// Of networks that differ in their learning rate alone one counts: the one that does best on
// training images kept aside. The images that are reported have no say in it.
import { groupBy } from './order.js';
import type { NetworkResult } from './types.js';

/** Name of a network without its learning rate, e.g. "split0/A3B+" of "split0/A3B+@0.03". */
export function withoutRate({ name }: Pick<NetworkResult, 'name'>): string {
  return name.replace(/@[^@/]*$/, '');
}

/** Whether a network counts in means, tests and figures: all of studies of one rate do. */
export function isChosen({ chosen = true }: NetworkResult): boolean {
  return chosen;
}

/** The networks, each with whether it is `chosen`. Of a network at several rates that is the one
 *  of the highest accuracy on the selection images; of equal ones the one whose rate comes first in
 *  the list. One that never left chance is chosen only if all did, and one without such an accuracy
 *  (it failed, or has not ended) only if no other has one.
 *  @param rates the study's list; undefined: nothing is chosen */
export function chooseRates(
  networks: readonly NetworkResult[],
  rates: readonly number[] | undefined,
): readonly NetworkResult[] {
  if (rates === undefined) return networks;
  const best = new Set(
    [...groupBy(networks, withoutRate).values()].map(
      (same) => [...same].sort((a, b) => compare(a, b, rates))[0],
    ),
  );
  return networks.map((network) =>
    network.lr === undefined ? network : { ...network, chosen: best.has(network) },
  );
}

// The better one first.
function compare(a: NetworkResult, b: NetworkResult, rates: readonly number[]): number {
  const place = ({ lr }: NetworkResult): number => rates.indexOf(lr ?? Number.NaN);
  return (
    standing(b) - standing(a) ||
    (b.selectionAccuracy ?? 0) - (a.selectionAccuracy ?? 0) ||
    place(a) - place(b)
  );
}

function standing({ state, selectionAccuracy }: NetworkResult): number {
  if (selectionAccuracy === undefined) return 0;
  return state === 'done' ? 2 : state === 'dead' ? 1 : 0;
}
