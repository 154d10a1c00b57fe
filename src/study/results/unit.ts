// The one rule of what is an independent value: intervals and tests are made of these, never of
// networks.
import { mean } from '../../stats/mean.js';
import { type MatchedNetwork, referenceBases } from './measured.js';
import { clusterOf, groupBy, pairOf } from './order.js';
import type { NetworkResult, Unit } from './types.js';

/** From so many splits on, the split is the unit: fewer leave t with too few degrees of freedom. */
const fewestSplits = 4;

/** What a summary's networks are averaged in first. */
export interface Cells {
  /** Whether each repeat is a cell of its own. */
  readonly areRepeats: boolean;
  readonly keyOf: (network: NetworkResult) => string;
}

/** The cells of a summary of one family, or of one target of it: (split, target), whose repeats are
 *  averaged, for repeats of one split say nothing of other splits. Only where the networks are all
 *  of one (split, target), and its tasks were not drawn at random, there is nothing else to speak
 *  of: then each repeat is a cell, and the interval is of other trainings of the same tasks. */
export function cellsOf(networks: readonly NetworkResult[]): Cells {
  const bases = new Set(referenceBases(networks));
  const subjects = networks.filter((each) => each.treatment !== 'base' || bases.has(each));
  const areRepeats =
    new Set(subjects.map(pairOf)).size === 1 &&
    subjects.every(({ family }) => family !== 'random-halves');
  return { areRepeats, keyOf: areRepeats ? clusterOf : pairOf };
}

/** A value of one network. */
export interface NetworkValue {
  readonly network: NetworkResult;
  readonly value: number;
}

/** A matched network's distance to the base, percentage points: to the mean base of the (split,
 *  target), or, where each repeat is a cell, to the base of its own repeat, so that cells share
 *  nothing. */
export function overBaseIn(
  { areRepeats }: Cells,
  { network, overBasePt, overOwnRepeatPt }: MatchedNetwork,
): NetworkValue {
  return { network, value: areRepeats ? overOwnRepeatPt : overBasePt };
}

/** The value of one cell, and the split that it belongs to. */
export interface CellValue {
  readonly split: string;
  readonly value: number;
}

/** Means of cells by their keys. Repeats of a network are averaged first, then what is left: a
 *  network with more repeats, or more reference bases, weighs no more than another. */
export function cellMeans(values: readonly NetworkValue[], cells: Cells): Map<string, CellValue> {
  const groups = groupBy(values, ({ network }) => cells.keyOf(network));
  return new Map(
    [...groups].map(([key, members]) => [
      key,
      { split: members[0]?.network.split ?? '', value: meanOverRepeats(members) },
    ]),
  );
}

function meanOverRepeats(values: readonly NetworkValue[]): number {
  const same = groupBy(values, ({ network: { treatment, n, source } }) =>
    JSON.stringify([treatment, n, source]),
  );
  const means = [...same.values()].map((each) => mean(each.map(({ value }) => value)) as number);
  return mean(means) as number;
}

/** {@link cellMeans} of matched networks' distances to the base. */
export function matchedCells(
  matched: readonly MatchedNetwork[],
  cells: Cells,
): Map<string, CellValue> {
  return cellMeans(
    matched.map((each) => overBaseIn(cells, each)),
    cells,
  );
}

/** Differences of two sides, over the cells that have both: what these share (data, base)
 *  cancels. */
export function pairedCells(
  ours: ReadonlyMap<string, CellValue>,
  theirs: ReadonlyMap<string, CellValue>,
): Map<string, CellValue> {
  const differences = new Map<string, CellValue>();
  for (const [key, { split, value }] of ours) {
    const other = theirs.get(key);
    if (other !== undefined) differences.set(key, { split, value: value - other.value });
  }
  return differences;
}

/** The independent values: means over the cells of each split if there are four splits or more,
 *  else the cells. The two targets of a split share their bases: a lucky base lowers what its own
 *  task's networks have over it and lifts those that the other task copies from it. */
export function unitValues(cells: ReadonlyMap<string, CellValue>): number[] {
  const all = [...cells.values()];
  const splits = groupBy(all, ({ split }) => split);
  if (splits.size < fewestSplits) return all.map(({ value }) => value);
  return [...splits.values()].map((members) => mean(members.map(({ value }) => value)) as number);
}

/** The unit that {@link unitValues} takes. */
export function unitOf(means: ReadonlyMap<string, CellValue>, { areRepeats }: Cells): Unit {
  const splits = new Set([...means.values()].map(({ split }) => split));
  if (splits.size >= fewestSplits) return 'split';
  return areRepeats ? 'repeat' : 'split-target';
}
