// The one order of networks in results.json, whatever order they ended in.
import { families, type NetworkResult } from './types.js';
import { treatmentKinds } from '../treatments.js';

const natural = new Intl.Collator('en', { numeric: true });

/** Compares networks by family, split (split2 before split10), repeat, target, treatment, n,
 *  source, name. */
export function compareNetworks(a: NetworkResult, b: NetworkResult): number {
  return (
    families.indexOf(a.family) - families.indexOf(b.family) ||
    natural.compare(a.split, b.split) ||
    a.repeat - b.repeat ||
    natural.compare(a.target ?? '', b.target ?? '') ||
    treatmentKinds.indexOf(a.treatment) - treatmentKinds.indexOf(b.treatment) ||
    a.n - b.n ||
    natural.compare(a.source ?? '', b.source ?? '') ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

/** Key of the (split, target) pair a network is matched within. */
export function pairOf(network: NetworkResult): string {
  return JSON.stringify([network.split, network.target]);
}

/** Key of the (split, target, repeat) cluster, whose networks share minibatches and a base. */
export function clusterOf(network: NetworkResult): string {
  return JSON.stringify([network.split, network.target, network.repeat]);
}

/** Groups items by a key, keys in order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
