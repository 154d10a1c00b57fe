// Two studies side by side: mean difference from the base for each treatment and n that either has.
import type { NetworkState } from '../../../src/dashboard/api.js';
import { groupBy } from '../grid/arrange.js';

/** A mean over networks that are done. */
export interface MeanOf {
  readonly meanPt: number;
  readonly networks: number;
}

/** A treatment at an n in both studies. */
export interface ComparedRow {
  readonly treatment: string;
  readonly n: number;
  readonly first: MeanOf | null;
  readonly second: MeanOf | null;
}

/** Rows by treatment, in the order of the first study's plan, then by n. Bases are left out: they
 *  are what the others are compared with. */
export function compareRows(
  first: readonly NetworkState[],
  second: readonly NetworkState[],
): readonly ComparedRow[] {
  const means = [first, second].map(meansOf);
  const keys = [...new Set(means.flatMap((each) => [...each.keys()]))];
  const place = new Map<string, number>();
  const rows = keys.map((key): ComparedRow => {
    const [treatment = '', n = 0] = JSON.parse(key) as [string, number];
    if (!place.has(treatment)) place.set(treatment, place.size);
    return { treatment, n, first: means[0]?.get(key) ?? null, second: means[1]?.get(key) ?? null };
  });
  const order = ({ treatment }: ComparedRow): number => place.get(treatment) ?? 0;
  return rows.sort((a, b) => order(a) - order(b) || a.n - b.n);
}

function meansOf(networks: readonly NetworkState[]): ReadonlyMap<string, MeanOf> {
  const done = networks.filter(
    ({ state, matchedPt, treatment }) =>
      state === 'done' && matchedPt !== null && treatment !== 'base',
  );
  const groups = groupBy(done, ({ treatment, n }) => JSON.stringify([treatment, n]));
  return new Map(
    [...groups].map(([key, members]) => {
      const sum = members.reduce((total, { matchedPt }) => total + (matchedPt ?? 0), 0);
      return [key, { meanPt: sum / members.length, networks: members.length }];
    }),
  );
}
