// Convolution and its backward ops. Weights live in the layout that the forward primitive chose;
// only backward-data wants another.
import type { Node, ValueId } from '../../../program/types.js';
import type { Shape } from '../../../tensor/tensor.js';
import type { Sliding } from '../../../tensor/window.js';
import type { ConvolutionProblem, Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { fusedRelu } from './fusion.js';
import { lowerNarrowBackwardWeights } from './lower-narrow-convolution.js';
import { isFallback } from './slow-code.js';

type Geometry = Sliding & Pick<ConvolutionProblem, 'algorithm'>;

// Weight gradients are accumulated and kept in f32 whatever the activations are: the solver adds
// them to f32 weights.
type WeightsType = 'activations' | 'f32';

// Channels a group below which oneDNN's blocked kernels have no whole block.
const SMALL_GROUP = 16;

/** [O,I,KH,KW] as oneDNN wants it: [G,O/G,I,KH,KW] when grouped. */
export function weightDims(shape: Shape, groups: number): Shape {
  const [o, ...rest] = shape as [number, ...number[]];
  return groups === 1 ? shape : [groups, o / groups, ...rest];
}

/** conv(+bias)(+relu). */
export function lowerConvolution(lowering: EntryLowering, node: Node<'convolution'>): void {
  const [x, w, b] = node.inputs as [ValueId, ValueId, ValueId?];
  const relu = fusedRelu(lowering, node);
  const y = (relu ?? node).outputs[0] as ValueId;
  const primitive = lowering.make(node, (engine) =>
    engine.convolution({
      direction: 'forward',
      ...operands(lowering, engine, [x, w, y], node, 'activations'),
      ...(b !== undefined && { bias: lowering.plain(b) }),
      relu: relu !== undefined,
    }),
  );
  const reads = {
    src: lowering.input(x, primitive.layout('src') as Layout, node),
    weights: lowering.input(w, primitive.layout('weights') as Layout, node),
    ...(b !== undefined && {
      bias: lowering.input(b, primitive.layout('bias') as Layout, node),
    }),
  };
  const dst = lowering.define(y, primitive.layout('dst') as Layout);
  lowering.run(node.op, node, primitive, { reads, writes: { dst } });
}

/** dx from dy and w. */
export function lowerConvolutionBackwardData(
  lowering: EntryLowering,
  node: Node<'convolution_backward_data'>,
): void {
  const [dy, w] = node.inputs as [ValueId, ValueId];
  const dx = node.outputs[0] as ValueId;
  const primitive = lowering.make(node, (engine) =>
    engine.convolution({
      direction: 'backwardData',
      ...operands(lowering, engine, [dx, w, dy], node, 'activations'),
    }),
  );
  const reads = {
    diffDst: lowering.input(dy, primitive.layout('diffDst') as Layout, node),
    weights: lowering.input(w, primitive.layout('weights') as Layout, node),
  };
  const diffSrc = lowering.define(dx, primitive.layout('diffSrc') as Layout);
  lowering.run(node.op, node, primitive, { reads, writes: { diffSrc } });
}

/** dw and db, if there is a bias, from x and dy. */
export function lowerConvolutionBackwardWeights(
  lowering: EntryLowering,
  node: Node<'convolution_backward_weights'>,
): void {
  const [x, dy] = node.inputs as [ValueId, ValueId];
  const [dw, db] = node.outputs as [ValueId, ValueId?];
  if (lowerNarrowBackwardWeights(lowering, node)) return;
  const primitive = lowering.make(node, (engine) =>
    weightGradients(engine, {
      direction: 'backwardWeights',
      ...operands(lowering, engine, [x, dw, dy], node, 'f32'),
      ...(db !== undefined && { bias: lowering.plain(db) }),
    }),
  );
  const reads = {
    src: lowering.input(x, primitive.layout('src') as Layout, node),
    diffDst: lowering.input(dy, primitive.layout('diffDst') as Layout, node),
  };
  const writes = {
    diffWeights: lowering.define(dw, primitive.layout('diffWeights') as Layout),
    ...(db !== undefined && {
      diffBias: lowering.define(db, primitive.layout('diffBias') as Layout),
    }),
  };
  lowering.run(node.op, node, primitive, { reads, writes });
}

// Left to itself oneDNN computes the weight gradients of depthwise 5x5 and larger kernels, and of
// other small groups, by matrix products of single channels; it has generated code for them where
// channels lie last (43 ms instead of 71), and in its own blocked layouts reference code only.
function weightGradients(engine: OneDnnEngine, problem: ConvolutionProblem): Primitive {
  const chosen = engine.convolution(problem);
  const { weights, src, dst } = problem;
  const hasSmallGroups = weights.dims.length === 5 && (weights.dims[2] as number) < SMALL_GROUP;
  if (!hasSmallGroups || !isFallback(chosen.implementation)) return chosen;
  const channelsLast = engine.convolution({
    ...problem,
    src: engine.layout(src.dims, src.type, 'nhwc'),
    dst: engine.layout(dst.dims, dst.type, 'nhwc'),
  });
  const isBetter = !isFallback(channelsLast.implementation);
  (isBetter ? chosen : channelsLast).release();
  return isBetter ? channelsLast : chosen;
}

function operands(
  lowering: EntryLowering,
  engine: OneDnnEngine,
  [x, w, y]: readonly [ValueId, ValueId, ValueId],
  { params }: Node<'convolution' | 'convolution_backward_data' | 'convolution_backward_weights'>,
  weightsType: WeightsType,
): Geometry & { src: Layout; weights: Layout; dst: Layout } {
  const type = weightsType === 'f32' ? 'f32' : lowering.options.activations;
  return {
    src: lowering.any(x),
    weights: engine.layout(weightDims(lowering.typeOf(w).shape, params.groups), type, 'any'),
    dst: lowering.any(y),
    stride: params.stride,
    pads: params.pads,
    dilation: params.dilation,
    algorithm: lowering.options.algorithm,
  };
}
