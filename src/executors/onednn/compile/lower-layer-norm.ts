// Layer normalisation and its backward op: row-major, and f32 whatever the activations are, since
// its gradient is a difference of nearly equal sums.
import type { Node, ValueId } from '../../../program/types.js';
import type { Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { BufferId } from './step.js';

/** y, mean and variance. */
export function lowerLayerNorm(lowering: EntryLowering, node: Node<'layer_norm'>): void {
  const [x, scale, shift] = node.inputs as [ValueId, ValueId?, ValueId?];
  const [y, mean, variance] = node.outputs as [ValueId, ValueId, ValueId];
  const plain = (value: ValueId): BufferId => lowering.input(value, lowering.plain(value), node);
  const primitive = makeForward(lowering, node, [x, mean], scale !== undefined);
  const src = plain(x);
  const affine = scale !== undefined && { scale: plain(scale), shift: plain(shift as ValueId) };
  const dst = lowering.define(y, lowering.plain(y));
  lowering.run(node.op, node, primitive, {
    reads: { src, ...affine },
    writes: {
      dst,
      mean: lowering.define(mean, lowering.plain(mean)),
      variance: lowering.define(variance, lowering.plain(variance)),
    },
    overwrites: [[dst, src]],
  });
}

/** dx, and dscale and dshift where there is a scale. */
export function lowerLayerNormBackward(
  lowering: EntryLowering,
  node: Node<'layer_norm_backward'>,
): void {
  const [dy, x, mean, variance, scale] = node.inputs as [
    ...[ValueId, ValueId, ValueId, ValueId],
    ValueId?,
  ];
  const [dx, dscale, dshift] = node.outputs as [ValueId, ValueId?, ValueId?];
  const plain = (value: ValueId): BufferId => lowering.input(value, lowering.plain(value), node);
  const define = (value: ValueId): BufferId => lowering.define(value, lowering.plain(value));
  const isScaled = scale !== undefined;
  const hint = makeForward(lowering, node, [x, mean], isScaled);
  const primitive = lowering.make(node, (engine) =>
    engine.layerNorm({
      ...{ direction: 'backward', isScaled, hint, epsilon: node.params.epsilon },
      ...{ data: lowering.plain(x), statistics: lowering.plain(mean) },
    }),
  );
  const reads = {
    ...{ diffDst: plain(dy), src: plain(x), mean: plain(mean), variance: plain(variance) },
    // Nothing depends on the shift, but oneDNN wants the memory of one.
    ...(isScaled && { scale: plain(scale), shift: plain(scale) }),
  };
  const writes = {
    diffSrc: define(dx),
    ...(isScaled && {
      diffScale: define(dscale as ValueId),
      diffShift: define(dshift as ValueId),
    }),
  };
  lowering.run(node.op, node, primitive, { reads, writes });
}

function makeForward(
  lowering: EntryLowering,
  node: Node<'layer_norm' | 'layer_norm_backward'>,
  [x, mean]: readonly [ValueId, ValueId],
  isScaled: boolean,
): Primitive {
  const { epsilon } = node.params;
  return lowering.make(node, (engine) =>
    engine.layerNorm({
      ...{ direction: 'forward', isScaled, epsilon },
      ...{ data: lowering.plain(x), statistics: lowering.plain(mean) },
    }),
  );
}
