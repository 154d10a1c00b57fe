// Convolution with its two backward ops.
import type { ConvolutionParams } from '../../../program/ops/params.js';
import { spanOf } from '../../../tensor/window.js';
import type { Graph, Name } from './graph.js';
import { blockedBackwardData, blockedConvolution } from './lower-blocked-convolution.js';
import {
  blockedByWeights,
  blockedDepthwiseByWeights,
  type Operands,
  type Shapes,
} from './lower-blocked-weights.js';
import type { Lowering } from './lowering.js';
import { type Axes4, slidingAttributes, strided } from './sliding.js';

/** See src/program/ops/convolution.ts: Conv. */
export const lowerConvolution: Lowering<'convolution'> = (site) => {
  const { graph, params, inputs } = site;
  return [blockedConvolution(site) ?? graph.apply('Conv', inputs, slidingAttributes(params))];
};

/** See src/program/ops/convolution.ts: ConvTranspose, with rows and columns that no window reached
 *  as its output padding. */
export const lowerConvolutionBackwardData: Lowering<'convolution_backward_data'> = (site) => {
  const { graph, params } = site;
  const blocked = blockedBackwardData(site);
  if (blocked !== null) return [blocked];
  const { stride, pads, dilation, xShape } = params;
  const kernel = site.shape(1).slice(2) as [number, number];
  const span = spanOf({ kernel, dilation });
  const unread = ([0, 1] as const).map((axis) => {
    const positions = site.shape(0)[axis + 2] as number;
    const padded = (xShape[axis + 2] as number) + pads[axis] + (pads[axis + 2] as number);
    return padded - span[axis] - stride[axis] * (positions - 1);
  });
  return [
    graph.apply('ConvTranspose', site.inputs, {
      ...slidingAttributes(params),
      output_padding: { ints: unread },
    }),
  ];
};

/** See src/program/ops/convolution.ts. By weights: another convolution, or products of matrices,
 *  whichever was measured to be faster. */
export const lowerConvolutionBackwardWeights: Lowering<'convolution_backward_weights'> = (site) => {
  const { graph, params } = site;
  const [x, dy] = [site.input(0), site.input(1)];
  const shapes: Shapes = {
    x: site.shape(0) as Axes4,
    dy: site.shape(1) as Axes4,
    w: params.wShape as Axes4,
  };
  const operands = { x, dy, params, shapes };
  const blocked = isDepthwise(params, shapes) ? blockedDepthwiseByWeights : blockedByWeights;
  const dw = blocked(graph, site.blocks, operands) ?? byWeights(params, shapes)(graph, operands);
  if (params.hasBias === false) return [dw];
  const db = graph.reshape(graph.reduce('ReduceSum', dy, [0, 2, 3]), [shapes.w[0]]);
  return [dw, db];
};

const isDepthwise = ({ groups }: ConvolutionParams, { w }: Shapes): boolean =>
  groups > 1 && w[1] === 1 && w[0] === groups;

/** Weights' gradient from x and dy. */
type Form = (graph: Graph, operands: Operands) => Name;

/** The fastest of the forms: where there are few channels, a product of matrices has too few
 *  columns. */
function byWeights({ groups }: ConvolutionParams, { w, x }: Shapes): Form {
  if (groups > 1) return w[1] === 1 ? bySingleChannels : byConvolution;
  return x[1] < FEW_CHANNELS ? byConvolution : byProducts;
}

const FEW_CHANNELS = 16;

/** dy slides over x with what was its stride as dilation; images take the place of channels. */
const byConvolution: Form = (graph, { x, dy, params, shapes }) => {
  const { stride, pads, dilation, groups } = params;
  const [images, channels, height, width] = shapes.x;
  const inner = channels / groups;
  const split = graph.reshape(x, [images, groups, inner, height, width]);
  const turned = graph.transpose(split, [2, 1, 0, 3, 4]);
  const flat = graph.reshape(turned, [inner, groups * images, height, width]);
  const dw = graph.apply('Conv', [flat, graph.transpose(dy, [1, 0, 2, 3])], {
    strides: { ints: dilation },
    dilations: { ints: stride },
    pads: { ints: pads },
    group: { int: groups },
  });
  return graph.transpose(firstTaps(graph, dw, shapes.w), [1, 0, 2, 3]);
};

/** One convolution for each channel of each image, then the sum over images. */
const bySingleChannels: Form = (graph, { x, dy, params, shapes }) => {
  const { stride, pads, dilation } = params;
  const [images, channels, height, width] = shapes.x;
  const [, outputs, rows, columns] = shapes.dy;
  const inputs = graph.reshape(x, [1, images * channels, height, width]);
  const weights = graph.reshape(dy, [images * outputs, 1, rows, columns]);
  const each = graph.apply('Conv', [inputs, weights], {
    strides: { ints: dilation },
    dilations: { ints: stride },
    pads: { ints: pads },
    group: { int: images * channels },
  });
  const taps = firstTaps(graph, each, shapes.w);
  const [, , kernelHeight, kernelWidth] = shapes.w;
  const byImage = graph.reshape(taps, [images, outputs, kernelHeight, kernelWidth]);
  return graph.reshape(graph.reduce('ReduceSum', byImage, [0]), shapes.w);
};

// Where rows or columns were left over, the convolution has taps beyond the kernel.
function firstTaps(graph: Graph, dw: Name, [, , height, width]: Axes4): Name {
  const ends = [graph.integers([0, 0]), graph.integers([height, width])];
  return graph.apply('Slice', [dw, ...ends, graph.integers([2, 3])]);
}

/** For each tap, what it reads of x by dy: matrices of all images' pixels. */
const byProducts: Form = (graph, { x, dy, params, shapes }) => {
  const { stride, pads, dilation } = params;
  const [outputs, channels, kernelHeight, kernelWidth] = shapes.w;
  const [images, , rows, columns] = shapes.dy;
  const pixels = images * rows * columns;
  const [top, left, bottom, right] = pads;
  const turned = graph.transpose(x, [1, 0, 2, 3]);
  const around = graph.integers([0, 0, top, left, 0, 0, bottom, right]);
  const isPadded = pads.some((pad) => pad > 0);
  const padded = isPadded ? graph.apply('Pad', [turned, around, graph.float(0)]) : turned;
  const slopes = graph.reshape(graph.transpose(dy, [1, 0, 2, 3]), [outputs, pixels]);
  const taps: Name[] = [];
  for (let row = 0; row < kernelHeight; row++) {
    for (let column = 0; column < kernelWidth; column++) {
      const starts = [row * dilation[0], column * dilation[1]] as const;
      const read = strided(graph, padded, starts, [rows, columns], stride);
      const matrix = graph.reshape(read, [channels, pixels]);
      taps.push(graph.apply('Gemm', [slopes, matrix], { transB: { int: 1 } }));
    }
  }
  if (taps.length === 1) return graph.reshape(taps[0] as Name, shapes.w);
  const columnsOf = taps.map((tap) => graph.reshape(tap, [outputs, channels, 1]));
  const all = graph.apply('Concat', columnsOf, { axis: { int: 2 } });
  return graph.reshape(all, shapes.w);
};
