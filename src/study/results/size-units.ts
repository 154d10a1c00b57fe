// Independent values of networks of targets of several sizes: those of one split, whatever their
// size, share its tasks and the bases of the other task.
import { mean } from '../../stats/mean.js';
import { groupBy } from './order.js';
import type { Family, NetworkResult } from './types.js';

/** A network's difference to the base of its own target and size, percentage points, and the split
 *  that it is of, whatever its size. */
export interface SizedValue {
  readonly network: NetworkResult;
  readonly split: string;
  readonly value: number;
}

/** Mean of a cell, and its split. */
export interface SizedCell {
  readonly split: string;
  readonly value: number;
}

/** From so many splits on, the split is the unit. */
const fewestSplits = 4;

/** Means of (split, target) cells: repeats are averaged, they say nothing of other splits. Of tasks
 *  that were not drawn, one (split, target) is all there is: then each repeat is a cell, and
 *  intervals speak of other trainings. */
export function cellMeans(
  values: readonly SizedValue[],
  family: Family,
): ReadonlyMap<string, SizedCell> {
  const pairOf = ({ split, network }: SizedValue): string =>
    JSON.stringify([split, network.target]);
  const isOnePair = new Set(values.map(pairOf)).size === 1 && family !== 'random-halves';
  const groups = groupBy(values, (each) =>
    isOnePair ? JSON.stringify([pairOf(each), each.network.repeat]) : pairOf(each),
  );
  return new Map(
    [...groups].map(([key, members]) => [
      key,
      { split: members[0]?.split ?? '', value: meanOverRepeats(members) },
    ]),
  );
}

// A network of more repeats weighs no more than another.
function meanOverRepeats(members: readonly SizedValue[]): number {
  const same = groupBy(members, ({ network: { treatment, n, source } }) =>
    JSON.stringify([treatment, n, source]),
  );
  return mean([...same.values()].map((each) => meanOf(each.map(({ value }) => value)))) as number;
}

function meanOf(values: readonly number[]): number {
  return mean(values) as number;
}

/** The independent values of cells: means over the cells of each split from four splits on, else
 *  the cells. */
export function sizeValues(cells: ReadonlyMap<string, SizedCell>): readonly number[] {
  const splits = groupBy([...cells.values()], ({ split }) => split);
  if (splits.size < fewestSplits) return [...cells.values()].map(({ value }) => value);
  return [...splits.values()].map((members) => meanOf(members.map(({ value }) => value)));
}
