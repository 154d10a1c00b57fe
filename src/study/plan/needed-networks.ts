// What a choice of networks cannot do without.
import type { PlannedNetwork } from './plan.js';

/** Names of networks. */
export interface NeededNetworks {
  /** Those whose layers are copied, by the choice or by one of these: their weights must be
   *  there. */
  readonly copied: ReadonlySet<string>;
  /** Bases of the networks' own targets, where the study has them: every matched difference is one
   *  to them. */
  readonly compared: ReadonlySet<string>;
}

/** What `wanted` need, out of all networks of their plan.
 *  @param isThere whether nothing has to be trained for a network to be copied */
export function neededNetworks(
  networks: readonly PlannedNetwork[],
  wanted: ReadonlySet<PlannedNetwork>,
  isThere: (network: PlannedNetwork) => boolean = () => false,
): NeededNetworks {
  const copied = new Set<string>();
  // What is copied comes before what copies it.
  for (const network of [...networks].reverse()) {
    const isTrained = wanted.has(network) || (copied.has(network.name) && !isThere(network));
    if (isTrained && network.requires !== null) copied.add(network.requires);
  }
  const places = new Set([...wanted].map(placeOf));
  const compared = networks.filter(
    (network) => network.treatment === 'base' && places.has(placeOf(network)),
  );
  return { copied, compared: new Set(compared.map(({ name }) => name)) };
}

function placeOf({ folder, target }: PlannedNetwork): string {
  return JSON.stringify([folder, target]);
}
