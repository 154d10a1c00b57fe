// Running averages of statistics, in place on their slots. TypeScript computes them: one number a
// channel costs less than waking a primitive's threads.
import type { Node, ValueId } from '../../../program/types.js';
import type { EntryLowering } from './entry-lowering.js';
import { targetOf } from './updating.js';

/** next = (1 - momentum) old + momentum factor new. */
export function lowerRunningAverage(lowering: EntryLowering, node: Node<'running_average'>): void {
  const [old, found] = node.inputs as [ValueId, ValueId];
  const next = node.outputs[0] as ValueId;
  const layout = lowering.plain(old);
  const reads = [lowering.input(old, layout, node), lowering.input(found, layout, node)] as const;
  const target = targetOf(lowering, old, next, reads[0], layout);
  const { momentum, factor } = node.params;
  lowering.add({
    kind: node.op,
    node,
    reads,
    writes: [target],
    overwrites: [],
    scratchBytes: 0,
    bind: (places) => {
      const [before, given] = [places.float32(reads[0]), places.float32(reads[1])];
      const after = places.float32(target);
      const share = momentum * factor;
      return () => {
        for (let at = 0; at < after.length; at++) {
          after[at] = (1 - momentum) * (before[at] as number) + share * (given[at] as number);
        }
      };
    },
  });
}
