// Batch norm and its backward ops, in the layout in which x comes; with the ReLU that follows.
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount } from '../../../tensor/tensor.js';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { fusedRelu, fusedReluBothWays } from './fusion.js';
import { shapedLayout } from './shaped-layout.js';
import type { Cast } from './step-list.js';
import type { BufferId } from './step.js';

/** y, mean and variance; y may be rectified. */
export function lowerBatchNorm(lowering: EntryLowering, node: Node<'batch_norm'>): void {
  const [x, ...affine] = node.inputs as [ValueId, ...ValueId[]];
  const [, mean, variance] = node.outputs as [ValueId, ValueId, ValueId];
  const relu = fusedReluBothWays(lowering, node);
  const data = dataLayout(lowering, x, node);
  const primitive = lowering.make(node, (engine) =>
    engine.batchNorm({
      ...{ direction: 'forward', statistics: 'minibatch', data, ...node.params },
      relu: relu !== undefined,
    }),
  );
  const y = (relu ?? node).outputs[0] as ValueId;
  const kept = primitive.layout('workspace');
  const workspace = kept && lowering.temporary(kept);
  const forward = {
    ...{ node, primitive, relu: relu !== undefined },
    ...(workspace !== undefined && { workspace }),
  };
  lowering.setForward(mean, forward);
  if (relu) lowering.setForward(y, forward);
  const src = lowering.input(x, data, node);
  const dst = defineLike(lowering, y, data);
  lowering.run(node.op, node, primitive, {
    reads: { src, ...affineInputs(lowering, node, affine) },
    writes: {
      dst,
      mean: lowering.define(mean, lowering.plain(mean)),
      variance: lowering.define(variance, lowering.plain(variance)),
      ...(workspace !== undefined && { workspace }),
    },
    overwrites: [[dst, src]],
  });
}

/** y, which may be rectified. */
export function lowerBatchNormInference(
  lowering: EntryLowering,
  node: Node<'batch_norm_inference'>,
): void {
  const [x, mean, variance, ...affine] = node.inputs as [ValueId, ValueId, ValueId, ...ValueId[]];
  const relu = fusedRelu(lowering, node);
  const data = dataLayout(lowering, x, node);
  const primitive = lowering.make(node, (engine) =>
    engine.batchNorm({
      ...{ direction: 'forward', statistics: 'stored', data, ...node.params },
      relu: relu !== undefined,
    }),
  );
  const src = lowering.input(x, data, node);
  const dst = defineLike(lowering, (relu ?? node).outputs[0] as ValueId, data);
  lowering.run(node.op, node, primitive, {
    reads: {
      src,
      mean: lowering.input(mean, lowering.plain(mean), node),
      variance: lowering.input(variance, lowering.plain(variance), node),
      ...affineInputs(lowering, node, affine),
    },
    writes: { dst },
    overwrites: [[dst, src]],
  });
}

/** dx, dscale and dshift; of the fused ReLU's output where the forward op has one. */
export function lowerBatchNormBackward(
  lowering: EntryLowering,
  node: Node<'batch_norm_backward'>,
): void {
  const [x, , mean] = node.inputs as [ValueId, ValueId, ValueId];
  const forward = lowering.forwardIfAny(mean);
  const data = forward?.primitive.layout('src') ?? dataLayout(lowering, x, node);
  const shared = { statistics: 'minibatch', data, ...node.params } as const;
  const hint =
    forward?.primitive ??
    lowering.make(node, (engine) => engine.batchNorm({ direction: 'forward', ...shared }));
  const relu = forward?.relu ?? false;
  const primitive = lowering.make(node, (engine: OneDnnEngine) =>
    engine.batchNorm({ direction: 'backward', ...shared, relu, hint }),
  );
  const { workspace } = forward ?? {};
  const kept = relu && workspace !== undefined ? { workspace } : {};
  runBackward(lowering, node, primitive, kept);
}

/** dx, dscale and dshift over stored statistics. */
export function lowerBatchNormInferenceBackward(
  lowering: EntryLowering,
  node: Node<'batch_norm_inference_backward'>,
): void {
  const data = dataLayout(lowering, node.inputs[0] as ValueId, node);
  const shared = { statistics: 'stored', data, ...node.params } as const;
  const hint = lowering.make(node, (engine) =>
    engine.batchNorm({ direction: 'forward', isForTraining: true, ...shared }),
  );
  const primitive = lowering.make(node, (engine) =>
    engine.batchNorm({ direction: 'backward', ...shared, hint }),
  );
  runBackward(lowering, node, primitive, {});
}

function runBackward(
  lowering: EntryLowering,
  node: Node<'batch_norm_backward' | 'batch_norm_inference_backward'>,
  primitive: Primitive,
  kept: Cast,
): void {
  const [x, dy, mean, variance, scale] = node.inputs as [
    ValueId,
    ValueId,
    ValueId,
    ValueId,
    number?,
  ];
  const [dx, ...affine] = node.outputs as [ValueId, ...ValueId[]];
  const { hasScale } = node.params;
  const data = primitive.layout('src') as Layout;
  const diffDst = lowering.input(dy, data, node);
  const meanInput = lowering.input(mean, lowering.plain(mean), node);
  const reads = {
    src: lowering.input(x, data, node),
    diffDst,
    mean: meanInput,
    shift: meanInput, // stands for a shift, which no gradient depends on but 2.x wants
    variance: lowering.input(variance, lowering.plain(variance), node),
    ...(scale !== undefined && { scale: lowering.input(scale, lowering.plain(scale), node) }),
    ...kept,
  };
  const gradients = affine.map((value) => lowering.define(value, lowering.plain(value)));
  const diffSrc = defineLike(lowering, dx, data);
  const [first, second] = gradients;
  const [diffScale, diffShift] = hasScale ? [first, second] : [undefined, first];
  const writes: Cast = {
    diffSrc,
    ...(diffScale !== undefined && { diffScale }),
    ...(diffShift !== undefined && { diffShift }),
  };
  lowering.run(node.op, node, primitive, { reads, writes, overwrites: [[diffSrc, diffDst]] });
}

function affineInputs(
  lowering: EntryLowering,
  node: Node<'batch_norm' | 'batch_norm_inference'>,
  affine: readonly ValueId[],
): Cast {
  const buffers = affine.map((value) => lowering.input(value, lowering.plain(value), node));
  const [scale, shift] = node.params.hasScale ? buffers : [undefined, buffers[0]];
  return { ...(scale !== undefined && { scale }), ...(shift !== undefined && { shift }) };
}

// Four axes as x lies, or [N,C,rest,1] row-major: oneDNN has generated code for no other rank.
function dataLayout(lowering: EntryLowering, x: ValueId, node: Node): Layout {
  const { shape } = lowering.typeOf(x);
  const layout = shapedLayout(lowering, x, node);
  if (shape.length === 4) return layout;
  const [n, c, ...rest] = shape as [number, number, ...number[]];
  return lowering.engine.layout([n, c, elementCount(rest), 1], layout.type, 'plain');
}

// Memory of a value of x's shape in that layout, which has other axes where the value has not four.
function defineLike(lowering: EntryLowering, value: ValueId, data: Layout): BufferId {
  const { shape } = lowering.typeOf(value);
  const isSame = shape.length === data.dims.length;
  return lowering.define(value, isSame ? data : lowering.engine.layout(shape, data.type, 'plain'));
}
