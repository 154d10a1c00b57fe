// Normalisations with their backward ops: local response, batch and layer.
import type { LrnParams } from '../../../program/ops/params.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import type { Graph, Name } from './graph.js';
import type { Lowering, Site } from './lowering.js';

// base + factor * the sum over the `size` channels centred on each, zeros outside: a convolution of
// single pixels with a band of that factor, several times as fast as pooling over channels.
function channelSums(graph: Graph, x: Name, { channels, size, factor, base }: ChannelSums): Name {
  const reach = (size - 1) / 2;
  const band = Array.from({ length: channels * channels }, (_, at) =>
    Math.abs(Math.floor(at / channels) - (at % channels)) <= reach ? factor : 0,
  );
  const bases = Array.from({ length: channels }, () => base);
  const weights = graph.floats(band, [channels, channels, 1, 1]);
  return graph.apply('Conv', [x, weights, graph.floats(bases)]);
}

interface ChannelSums {
  readonly channels: number;
  readonly size: number;
  readonly factor: number;
  readonly base: number;
}

// s^-beta. Roots are several times as fast as powers; 0.75 is AlexNet's.
function falling(graph: Graph, s: Name, beta: number): Name {
  if (beta !== 0.75) return graph.apply('Pow', [s, graph.float(-beta)]);
  const root = graph.apply('Sqrt', [s]);
  const power = graph.mul(root, graph.apply('Sqrt', [root]));
  return graph.apply('Reciprocal', [power]);
}

/** See src/program/ops/lrn.ts. */
export const lowerLrn: Lowering<'lrn'> = (site) => {
  const { graph, params } = site;
  const { size, alpha, beta, k }: LrnParams = params;
  const x = site.input(0);
  const channels = site.shape(0)[1] as number;
  const sums = { channels, size, factor: alpha / size, base: k };
  const s = channelSums(graph, graph.mul(x, x), sums);
  return [graph.mul(x, falling(graph, s, beta)), s];
};

/** See src/program/ops/lrn.ts. */
export const lowerLrnBackward: Lowering<'lrn_backward'> = (site) => {
  const { graph, params } = site;
  const { size, alpha, beta } = params;
  const [x, dy, s] = [site.input(0), site.input(1), site.input(2)];
  const direct = graph.mul(dy, falling(graph, s, beta));
  const terms = graph.div(graph.mul(direct, x), s);
  const channels = site.shape(0)[1] as number;
  const factor = (2 * alpha * beta) / size;
  const across = channelSums(graph, terms, { channels, size, factor, base: 0 });
  return [graph.sub(direct, graph.mul(x, across))];
};

/** A value of each channel, laid beside [N,C,...]. */
function beside(graph: Graph, channel: Name, { length }: Shape, size: number): Name {
  return graph.reshape(
    channel,
    Array.from({ length }, (_, axis) => (axis === 1 ? size : 1)),
  );
}

const otherAxes = (shape: Shape): readonly number[] =>
  shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));

function inverseDeviation(graph: Graph, variance: Name, epsilon: number): Name {
  const deviation = graph.apply('Sqrt', [graph.add(variance, graph.float(epsilon))]);
  return graph.apply('Reciprocal', [deviation]);
}

/** A constant for every channel. */
const everywhere = (graph: Graph, channels: number, value: number): Name =>
  graph.floats(Array.from({ length: channels }, () => value));

/** Scale and shift as BatchNormalization wants them, which always has both. */
function affineOf(site: NormSite, from: number, channels: number): readonly [Name, Name] {
  const { hasScale, hasShift } = site.params;
  return [
    hasScale ? site.input(from) : everywhere(site.graph, channels, 1),
    hasShift ? site.input(from + (hasScale ? 1 : 0)) : everywhere(site.graph, channels, 0),
  ];
}

type NormSite = Site<'batch_norm' | 'batch_norm_inference'>;

/** See src/program/ops/batch-norm.ts: statistics, then BatchNormalization as if they were stored.
 *  (In training that operator gives them itself, but onnxruntime writes them over its inputs.) */
export const lowerBatchNorm: Lowering<'batch_norm'> = (site) => {
  const { graph, params } = site;
  const shape = site.shape(0);
  const channels = shape[1] as number;
  const x = site.input(0);
  const share = graph.float(channels / elementCount(shape));
  const average = (value: Name): Name => {
    const sum = graph.reduce('ReduceSum', value, otherAxes(shape));
    return graph.reshape(graph.mul(sum, share), [channels]);
  };
  const mean = average(x);
  const centred = graph.sub(x, beside(graph, mean, shape, channels));
  const variance = average(graph.mul(centred, centred));
  const inputs = [x, ...affineOf(site as NormSite, 1, channels), mean, variance];
  const epsilon = { float: params.epsilon };
  return [graph.apply('BatchNormalization', inputs, { epsilon }), mean, variance];
};

/** See src/program/ops/batch-norm.ts. */
export const lowerBatchNormInference: Lowering<'batch_norm_inference'> = (site) => {
  const affine = affineOf(site as NormSite, 3, site.shape(0)[1] as number);
  const inputs = [site.input(0), ...affine, site.input(1), site.input(2)];
  const epsilon = { float: site.params.epsilon };
  return [site.graph.apply('BatchNormalization', inputs, { epsilon })];
};

type BackwardSite = Site<'batch_norm_backward' | 'batch_norm_inference_backward'>;

/** dx, dscale and dshift. @param isMoving whether mean and variance move with x */
function batchNormBackward(site: BackwardSite, isMoving: boolean): readonly Name[] {
  const { graph, params } = site;
  const shape = site.shape(0);
  const channels = shape[1] as number;
  const [x, dy] = [site.input(0), site.input(1)];
  const [mean, variance, scale] = site.inputs
    .slice(2)
    .map((each) => beside(graph, each, shape, channels)) as [Name, Name, Name?];
  const inverse = inverseDeviation(graph, variance, params.epsilon);
  const centred = graph.sub(x, mean);
  const along = graph.reduce('ReduceSum', graph.mul(dy, centred), otherAxes(shape));
  const dscale = graph.mul(along, inverse);
  const dshift = graph.reduce('ReduceSum', dy, otherAxes(shape));
  const factor = scale === undefined ? inverse : graph.mul(inverse, scale);
  let slope = dy;
  if (isMoving) {
    const share = graph.float(channels / elementCount(shape));
    const bend = graph.mul(graph.mul(dscale, inverse), share);
    const common = graph.add(graph.mul(centred, bend), graph.mul(dshift, share));
    slope = graph.sub(dy, common);
  }
  return [
    graph.mul(slope, factor),
    ...(params.hasScale ? [graph.reshape(dscale, [channels])] : []),
    ...(params.hasShift ? [graph.reshape(dshift, [channels])] : []),
  ];
}

/** See src/program/ops/batch-norm.ts. */
export const lowerBatchNormBackward: Lowering<'batch_norm_backward'> = (site) =>
  batchNormBackward(site as BackwardSite, true);

/** See src/program/ops/batch-norm.ts. */
export const lowerBatchNormInferenceBackward: Lowering<'batch_norm_inference_backward'> = (site) =>
  batchNormBackward(site as BackwardSite, false);

/** See src/program/ops/layer-norm.ts. */
export const lowerLayerNorm: Lowering<'layer_norm'> = (site) => {
  const { graph, params } = site;
  const [x, scale, shift] = site.inputs as [Name, Name?, Name?];
  const last = [site.shape(0).length - 1];
  const mean = graph.reduce('ReduceMean', x, last);
  const centred = graph.sub(x, mean);
  const variance = graph.reduce('ReduceMean', graph.mul(centred, centred), last);
  const normal = graph.mul(centred, inverseDeviation(graph, variance, params.epsilon));
  const rows = site.outputShape(1);
  return [
    scale === undefined ? normal : graph.add(graph.mul(normal, scale), shift as Name),
    graph.reshape(mean, rows),
    graph.reshape(variance, rows),
  ];
};

/** See src/program/ops/layer-norm.ts. */
export const lowerLayerNormBackward: Lowering<'layer_norm_backward'> = (site) => {
  const { graph, params } = site;
  const [dy, x] = [site.input(0), site.input(1)];
  const shape = site.shape(1);
  const last = [shape.length - 1];
  const columns = (at: number): Name => graph.reshape(site.input(at), shape.with(-1, 1));
  const inverse = inverseDeviation(graph, columns(3), params.epsilon);
  const normal = graph.mul(graph.sub(x, columns(2)), inverse);
  const slope = site.inputs.length > 4 ? graph.mul(dy, site.input(4)) : dy;
  const average = graph.reduce('ReduceMean', slope, last);
  const along = graph.reduce('ReduceMean', graph.mul(slope, normal), last);
  const rest = graph.sub(graph.sub(slope, average), graph.mul(normal, along));
  const dx = graph.mul(rest, inverse);
  if (site.inputs.length === 4) return [dx];
  const rows = shape.slice(0, -1).map((_, axis) => axis);
  const sum = (value: Name): Name =>
    graph.reshape(graph.reduce('ReduceSum', value, rows), site.outputShape(1));
  return [dx, sum(graph.mul(dy, normal)), sum(dy)];
};
