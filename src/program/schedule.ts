// Order of execution: as built, but each update as early as possible, so that gradients die young
// and weights are still in cache.
import type { Node, Slot, ValueId } from './types.js';

/** Moves every node that produces a slot's next value to right after its last constraint: the nodes
 *  that make its inputs and all readers of the slot's old value (an update may overwrite it). Other
 *  nodes keep their order. */
export function schedule(nodes: readonly Node[], slots: readonly Slot[]): readonly Node[] {
  const oldValues = new Map<ValueId, ValueId[]>();
  for (const slot of slots) {
    if (slot.next === undefined) continue;
    oldValues.set(slot.next, [...(oldValues.get(slot.next) ?? []), slot.value]);
  }
  const isUpdate = (node: Node): boolean => node.outputs.some((value) => oldValues.has(value));
  const updates = nodes.filter(isUpdate);
  if (updates.length === 0) return nodes;
  const rest = nodes.filter((node) => !isUpdate(node));

  // Position in `rest` of the last node that makes or reads each value.
  const lastUse = new Map<ValueId, number>();
  rest.forEach((node, position) => {
    for (const value of [...node.inputs, ...node.outputs]) lastUse.set(value, position);
  });
  const after = new Map<number, Node[]>();
  for (const update of updates) {
    const overwritten = update.outputs.flatMap((value) => oldValues.get(value) ?? []);
    const position = Math.max(
      -1,
      ...[...update.inputs, ...overwritten].map((value) => lastUse.get(value) ?? -1),
    );
    after.set(position, [...(after.get(position) ?? []), update]);
  }
  return [
    ...(after.get(-1) ?? []),
    ...rest.flatMap((node, position) => [node, ...(after.get(position) ?? [])]),
  ];
}
