// Pooling with its backward ops.
import type { AttributesOut } from '../../../tensor/onnx-parts.js';
import { type Shape } from '../../../tensor/tensor.js';
import { type Pads, spanOf, type Window } from '../../../tensor/window.js';
import type { Graph, Name } from './graph.js';
import type { Lowering, Site } from './lowering.js';
import { type Axes4, strided } from './sliding.js';

/** The window's pads such that its last position ends with them: sizes need not be rounded. */
function exactPads(window: Window, x: Shape, y: Shape): Pads {
  const span = spanOf(window);
  const end = ([0, 1] as const).map((axis) => {
    const reach = ((y[axis + 2] as number) - 1) * window.stride[axis] + span[axis];
    return Math.max(0, reach - (x[axis + 2] as number) - window.pads[axis]);
  });
  return [window.pads[0], window.pads[1], end[0] as number, end[1] as number];
}

function windowAttributes({ kernel, stride, dilation }: Window, pads: Pads): AttributesOut {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    pads: { ints: pads },
    dilations: { ints: dilation },
  };
}

/** See src/program/ops/max-pool.ts. Winners are places in the whole of x, where a processor finds
 *  them, and numbers of taps where the provider does not tell. */
export const lowerMaxPool: Lowering<'max_pool'> = (site) => {
  const { graph, params, isRead } = site;
  const attributes = windowAttributes(
    params,
    exactPads(params, site.shape(0), site.outputShape(0)),
  );
  // Five times as slow with its winners.
  if (!isRead[1]) return [graph.apply('MaxPool', site.inputs, attributes), ''];
  if (site.provider === 'cpu') return graph.applyAll('MaxPool', site.inputs, attributes, 2);
  const y = graph.apply('MaxPool', site.inputs, attributes);
  return [y, winningTaps(site, y)];
};

/** What each tap of the window reads, in row-major order; behind the edges the lowest number. */
function tapsOf(site: Site<'max_pool'>): readonly Name[] {
  const { graph, params } = site;
  const { kernel, stride, dilation } = params;
  const [, , rows, columns] = site.outputShape(0) as Axes4;
  const [top, left, bottom, right] = exactPads(params, site.shape(0), site.outputShape(0));
  const pads = [0, 0, top, left, 0, 0, bottom, right];
  const isPadded = pads.some((pad) => pad > 0);
  const lowest = graph.float(-Infinity);
  const x = isPadded
    ? graph.apply('Pad', [site.input(0), graph.integers(pads), lowest])
    : site.input(0);
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const [row, column] = [Math.floor(tap / kernel[1]), tap % kernel[1]];
    const starts = [row * dilation[0], column * dilation[1]] as const;
    return strided(graph, x, starts, [rows, columns], stride);
  });
}

/** Number of the first tap that holds the maximum. */
function winningTaps(site: Site<'max_pool'>, y: Name): Name {
  const { graph } = site;
  return tapsOf(site).reduceRight((later, tap, at) => {
    const number = graph.float(at);
    return later === '' ? number : graph.where(graph.apply('Equal', [tap, y]), number, later);
  }, '');
}

/** See src/program/ops/max-pool.ts. */
export const lowerMaxPoolBackward: Lowering<'max_pool_backward'> = (site) => {
  const { graph, params } = site;
  const { xShape } = params;
  const [dy, winners] = [site.input(0), site.input(1)];
  if (site.provider === 'webgpu') return [fromTaps(site)];
  const size = xShape.reduce((product, each) => product * each, 1);
  const flat = (value: Name): Name => graph.reshape(value, [-1]);
  const zeros = graph.apply('ConstantOfShape', [graph.integers([size])]);
  const sums = graph.apply('ScatterElements', [zeros, flat(winners), flat(dy)], {
    axis: { int: 0 },
    reduction: { text: 'add' },
  });
  return [graph.reshape(sums, xShape)];
};

/** Each tap's winners laid out as x is, and added up. */
function fromTaps(site: Site<'max_pool_backward'>): Name {
  const { graph, params } = site;
  const { kernel, xShape } = params;
  const [dy, winners] = [site.input(0), site.input(1)];
  const pads = exactPads(params, xShape, site.shape(0));
  const parts = Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const isWinner = graph.apply('Equal', [winners, graph.float(tap)]);
    const slopes = graph.where(isWinner, dy, graph.float(0));
    return laidOut(graph, slopes, {
      ...{ window: params, pads, x: xShape as Axes4, y: site.shape(0) as Axes4 },
      tap: [Math.floor(tap / kernel[1]), tap % kernel[1]],
    });
  });
  return parts.reduce((sum, part) => graph.add(sum, part));
}

interface Layout {
  readonly window: Window;
  readonly pads: Pads;
  readonly x: Axes4;
  readonly y: Axes4;
  readonly tap: readonly [number, number];
}

/** Elements of y where a tap of their window lies in x; what lies beyond the edges falls away. */
function laidOut(graph: Graph, value: Name, { window, pads, x, y, tap }: Layout): Name {
  const { stride, dilation } = window;
  const [images, channels, rows, columns] = y;
  const [down, across] = stride;
  const none = Array.from({ length: 6 }, () => 0);
  const cells = graph.reshape(value, [images, channels, rows, 1, columns, 1]);
  const wide = graph.apply('Pad', [
    cells,
    graph.integers([...none, 0, 0, 0, down - 1, 0, across - 1]),
    graph.float(0),
  ]);
  const grid = graph.reshape(wide, [images, channels, rows * down, columns * across]);
  const before = ([0, 1] as const).map((axis) => tap[axis] * dilation[axis] - pads[axis]);
  const after = [x[2] - rows * down, x[3] - columns * across].map(
    (rest, axis) => rest - (before[axis] as number),
  );
  return graph.apply('Pad', [
    grid,
    graph.integers([0, 0, ...before, 0, 0, ...after]),
    graph.float(0),
  ]);
}

/** What each window's cells are divided by, as its reciprocal, [1,1,OH,OW]. */
function shares(
  graph: Graph,
  { params }: Site<'average_pool' | 'average_pool_backward'>,
  x: Shape,
  y: Shape,
): Name {
  const { kernel, stride, pads, dilation, includePad } = params;
  const counted = (axis: 0 | 1, position: number): number => {
    const size = x[axis + 2] as number;
    const start = position * stride[axis] - pads[axis];
    const cells = Array.from({ length: kernel[axis] }, (_, tap) => start + tap * dilation[axis]);
    const [before, after] = includePad ? [pads[axis], pads[axis + 2] as number] : [0, 0];
    return cells.filter((cell) => cell >= -before && cell < size + after).length;
  };
  const [, , rows, columns] = y as Axes4;
  const values = Array.from({ length: rows * columns }, (_, at) => {
    return 1 / (counted(0, Math.floor(at / columns)) * counted(1, at % columns));
  });
  return graph.floats(values, [1, 1, rows, columns]);
}

/** See src/program/ops/average-pool.ts. Pads that count are counted where the last window hangs
 *  over them, too; so the sums are divided here. */
export const lowerAveragePool: Lowering<'average_pool'> = (site) => {
  const { graph, params } = site;
  const [x, y] = [site.shape(0), site.outputShape(0)];
  const attributes = windowAttributes(params, exactPads(params, x, y));
  if (!params.includePad) return [graph.apply('AveragePool', site.inputs, attributes)];
  const means = graph.apply('AveragePool', site.inputs, {
    ...attributes,
    count_include_pad: { int: 1 },
  });
  const sums = graph.mul(means, graph.float(params.kernel[0] * params.kernel[1]));
  return [graph.mul(sums, shares(graph, site as Site<'average_pool'>, x, y))];
};

/** See src/program/ops/average-pool.ts: ConvTranspose of one channel with a kernel of ones. */
export const lowerAveragePoolBackward: Lowering<'average_pool_backward'> = (site) => {
  const { graph, params } = site;
  const { kernel, xShape } = params;
  const [x, y] = [xShape as Axes4, site.shape(0) as Axes4];
  const slopes = graph.mul(site.input(0), shares(graph, site, x, y));
  const planes = graph.reshape(slopes, [y[0] * y[1], 1, y[2], y[3]]);
  const ones = graph.floats(
    Array.from({ length: kernel[0] * kernel[1] }, () => 1),
    [...[1, 1], ...kernel],
  );
  const pads = exactPads(params, x, y);
  const span = spanOf(params);
  const unread = ([0, 1] as const).map((axis) => {
    const reach = params.stride[axis] * ((y[axis + 2] as number) - 1) + span[axis];
    return (x[axis + 2] as number) + pads[axis] + (pads[axis + 2] as number) - reach;
  });
  const dx = graph.apply('ConvTranspose', [planes, ones], {
    ...windowAttributes(params, pads),
    output_padding: { ints: unread },
  });
  return [graph.reshape(dx, x)];
};
