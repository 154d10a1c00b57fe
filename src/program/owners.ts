// Which networks need which node: reachability backwards from each network's outputs and updates.
import type { ValueId } from './types.js';

/** Owners (network indices) of each node, in node order; an empty set marks a node that nobody
 *  needs. */
export function ownersOf(
  nodes: readonly { readonly inputs: readonly ValueId[]; readonly outputs: readonly ValueId[] }[],
  roots: readonly { readonly value: ValueId; readonly network: number }[],
): readonly ReadonlySet<number>[] {
  const wanted = new Map<ValueId, Set<number>>();
  const want = (value: ValueId, network: number): void => {
    const set = wanted.get(value);
    if (set) set.add(network);
    else wanted.set(value, new Set([network]));
  };
  for (const { value, network } of roots) want(value, network);
  const owners: Set<number>[] = nodes.map(() => new Set());
  // Nodes stand after what they read: one sweep from the last to the first is enough.
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index] as (typeof nodes)[number];
    const own = owners[index] as Set<number>;
    for (const output of node.outputs) wanted.get(output)?.forEach((network) => own.add(network));
    for (const input of node.inputs) own.forEach((network) => want(input, network));
  }
  return owners;
}
