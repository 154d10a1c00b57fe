// Orders of the list of networks.
import type { NetworkState, NetworkStateName } from '../../../src/dashboard/api.js';

/** Columns that the list can be ordered by. */
export const columns = {
  name: { words: 'Network', compare: byName },
  treatment: { words: 'Treatment', compare: byTreatment },
  n: { words: 'n', compare: (a, b) => a.n - b.n },
  state: { words: 'State', compare: (a, b) => urgency(a) - urgency(b) },
  accuracy: { words: 'Accuracy', compare: byNumber('accuracy') },
  matchedPt: { words: 'From base', compare: byNumber('matchedPt') },
} as const satisfies Readonly<Record<string, { words: string; compare: Compare }>>;

/** A column's key. */
export type ColumnName = keyof typeof columns;

/** All columns, in their order. */
export const columnNames = Object.keys(columns) as readonly ColumnName[];

type Compare = (a: NetworkState, b: NetworkState) => number;

/** Networks by a column; equal ones by name. Unknown numbers come last either way. */
export function ordered(
  networks: readonly NetworkState[],
  column: ColumnName,
  isDescending: boolean,
): readonly NetworkState[] {
  const { compare } = columns[column];
  const isUnknown = (network: NetworkState): boolean =>
    (column === 'accuracy' || column === 'matchedPt') && network[column] === null;
  const sign = isDescending ? -1 : 1;
  return [...networks].sort(
    (a, b) => Number(isUnknown(a)) - Number(isUnknown(b)) || sign * compare(a, b) || byName(a, b),
  );
}

// What asks for a look comes first.
function urgency({ state }: NetworkState): number {
  return urgencies[state];
}

const urgencies: Readonly<Record<NetworkStateName, number>> = {
  failed: 0,
  dead: 1,
  missing: 2,
  running: 3,
  waiting: 4,
  done: 5,
};

const collator = new Intl.Collator('en', { numeric: true });

function byName(a: NetworkState, b: NetworkState): number {
  return collator.compare(a.name, b.name);
}

function byTreatment(a: NetworkState, b: NetworkState): number {
  return collator.compare(a.treatment, b.treatment);
}

function byNumber(key: 'accuracy' | 'matchedPt'): Compare {
  return (a, b) => (a[key] ?? 0) - (b[key] ?? 0);
}
