// Which bases a choice of networks cannot do without.
import type { PlannedNetwork } from './plan.js';

/** Names of bases. */
export interface NeededBases {
  /** Those whose layers are copied: their weights must be there. */
  readonly copied: ReadonlySet<string>;
  /** Those of the networks' own targets, where the study has them: every matched difference is one
   *  to them. */
  readonly compared: ReadonlySet<string>;
}

/** The bases that `wanted` need, out of all networks of their plan. */
export function neededBases(
  networks: readonly PlannedNetwork[],
  wanted: Iterable<PlannedNetwork>,
): NeededBases {
  const bases = new Map<string, string[]>();
  for (const base of networks.filter(({ treatment }) => treatment === 'base')) {
    bases.set(placeOf(base), [...(bases.get(placeOf(base)) ?? []), base.name]);
  }
  const copied = new Set<string>();
  const compared = new Set<string>();
  for (const network of wanted) {
    if (network.requires !== null) copied.add(network.requires);
    for (const own of bases.get(placeOf(network)) ?? []) compared.add(own);
  }
  return { copied, compared };
}

function placeOf({ folder, target }: PlannedNetwork): string {
  return JSON.stringify([folder, target]);
}
