// Convolution and its gradient by data in blocks of channels (./blocks.ts).
import type { ConvolutionParams } from '../../../program/ops/params.js';
import { type Pads, type Pair, spanOf } from '../../../tensor/window.js';
import { type Blocks, onBlocks } from './blocks.js';
import type { Graph, Name } from './graph.js';
import type { Site } from './lowering.js';
import { type Axes4, slidingAttributes } from './sliding.js';

/** How the operator on blocks computes a convolution. `narrow`: few input channels, which it reads
 *  as they are. `depthwise`: each channel by itself. */
type Way = 'blocked' | 'narrow' | 'depthwise';

/** A filter that fills its blocks is worth a third more work. */
const isWorth = (channels: number, wide: number): boolean => 3 * wide <= 4 * channels;

/** Whether channels can be laid in blocks that they fill. */
export const isFull = (blocks: Blocks, channels: number): boolean =>
  blocks.canHold(channels) && isWorth(channels, blocks.wide(channels));

/** @param w [outputs, inputs of a group, ...] @returns null where blocks are of no use */
function wayOf(blocks: Blocks, [o, i]: Axes4, groups: number): Way | null {
  const { size } = blocks;
  if (groups === 1) {
    if (!isWorth(o, blocks.wide(o))) return null;
    if (i < size) return 'narrow';
    return isFull(blocks, i) ? 'blocked' : null;
  }
  if (i === 1 && o === groups) return isFull(blocks, o) ? 'depthwise' : null;
  return i % size === 0 && (o / groups) % size === 0 ? 'blocked' : null;
}

/** Zeros behind the elements of some axes, up to the size `wide`. */
export function filledUp(
  graph: Graph,
  value: Name,
  shape: readonly number[],
  wide: readonly number[],
): Name {
  if (wide.every((size, axis) => size === shape[axis])) return value;
  const after = wide.map((size, axis) => size - (shape[axis] as number));
  const pads = [...shape.map(() => 0), ...after];
  return graph.apply('Pad', [value, graph.integers(pads), graph.float(0)]);
}

/** Shape of the weights with full blocks. */
function wideShape(blocks: Blocks, [o, i, height, width]: Axes4, way: Way): Axes4 {
  return [blocks.wide(o), way === 'blocked' ? blocks.wide(i) : i, height, width];
}

/** Weights of full blocks as the operator reads them: blocks of outputs, blocks of inputs, taps,
 *  inputs of the block, outputs of the block; without blocks of inputs, inputs and taps. */
function filterOf(
  graph: Graph,
  w: Name,
  shape: Axes4,
  { size, way }: { size: number; way: Way },
): Name {
  const [o, i, height, width] = shape;
  const taps = height * width;
  const isBlocked = way === 'blocked';
  const form = isBlocked ? [o / size, size, i / size, size, taps] : [o / size, size, i * taps];
  const axes = isBlocked ? [0, 2, 4, 3, 1] : [0, 2, 1];
  return graph.reshape(graph.transpose(graph.reshape(w, form), axes), shape);
}

/** See src/program/ops/convolution.ts. @returns null where blocks are of no use */
export function blockedConvolution(site: Site<'convolution'>): Name | null {
  const { graph, blocks, params } = site;
  const shape = site.shape(1) as Axes4;
  const way = blocks && wayOf(blocks, shape, params.groups);
  if (!way) return null;
  const wide = wideShape(blocks, shape, way);
  const [x, w, b] = site.inputs as [Name, Name, Name?];
  const filter = filterOf(graph, filledUp(graph, w, shape, wide), wide, { size: blocks.size, way });
  const inputs = [way === 'narrow' ? x : blocks.laid(x), filter];
  if (b !== undefined) inputs.push(filledUp(graph, b, [shape[0]], [wide[0]]));
  const groups = way === 'depthwise' ? wide[0] : params.groups;
  const y = graph.apply(onBlocks('Conv'), inputs, slidingAttributes({ ...params, groups }));
  return blocks.plain(y, shape[0]);
}

/** The filter by which outputs become inputs again: inputs and outputs of each group exchanged, the
 *  taps in reverse. */
function turnedFilter(
  graph: Graph,
  w: Name,
  [o, i, height, width]: Axes4,
  { size, way, groups }: { size: number; way: Way; groups: number },
): Name {
  const taps = height * width;
  const isBlocked = way === 'blocked';
  const form = isBlocked
    ? [groups, o / groups / size, size, i / size, size, taps]
    : [1, 1, 1, o / size, size, taps];
  const turned = graph.transpose(graph.reshape(w, form), [0, 3, 1, 5, 2, 4]);
  const lists = [[taps - 1], [-taps - 1], [3], [-1]].map((list) => graph.integers(list));
  const reversed = taps === 1 ? turned : graph.apply('Slice', [turned, ...lists]);
  const shape = isBlocked ? [groups * i, o / groups, height, width] : [o, 1, height, width];
  return graph.reshape(reversed, shape);
}

/** Pads of the convolution that goes back over dy of so many rows and columns, null if it needs
 *  less than none. */
function padsBack(
  { pads, dilation }: ConvolutionParams,
  [, , height, width]: Axes4,
  x: Axes4,
  [rows, columns]: Pair,
): Pads | null {
  const span = spanOf({ kernel: [height, width], dilation });
  const [top, left] = [span[0] - 1 - pads[0], span[1] - 1 - pads[1]];
  const bottom = x[2] - rows + span[0] - 1 - top;
  const right = x[3] - columns + span[1] - 1 - left;
  const back: Pads = [top, left, bottom, right];
  return back.every((pad) => pad >= 0) ? back : null;
}

/** dy in blocks with zeros behind its elements, where windows moved by more than 1. */
function spread(graph: Graph, blocked: Name, { dy, stride, size }: Spread): Name {
  const [images, channels, rows, columns] = dy;
  const [down, across] = stride;
  if (down * across === 1) return blocked;
  const cells = [(images * channels) / size, rows, 1, columns, size];
  const wide = filledUp(graph, graph.reshape(blocked, cells), cells, [
    ...[cells[0] as number, rows, down, columns],
    across * size,
  ]);
  return graph.reshape(wide, [images, channels, rows * down, columns * across]);
}

interface Spread {
  /** Shape with full blocks. */
  readonly dy: Axes4;
  readonly stride: Pair;
  readonly size: number;
}

/** See src/program/ops/convolution.ts: a convolution by the weights the other way round, over dy
 *  with zeros between its elements where windows moved by more than 1: worth it only where that
 *  is little work, for each channel by itself.
 *  @returns null where blocks are of no use */
export function blockedBackwardData(site: Site<'convolution_backward_data'>): Name | null {
  const { graph, blocks, params } = site;
  const { stride, xShape } = params;
  const [dy, shape] = [site.shape(0) as Axes4, site.shape(1) as Axes4];
  const way = blocks && wayOf(blocks, shape, params.groups);
  // Outputs become channels that are read, so that they must be laid in blocks.
  if (!way || way === 'narrow' || !blocks.canHold(shape[0])) return null;
  if (way === 'blocked' && stride.some((step) => step > 1)) return null;
  const sizes = [dy[2] * stride[0], dy[3] * stride[1]] as const;
  const pads = padsBack(params, shape, xShape as Axes4, sizes);
  if (pads === null) return null;
  const wide = wideShape(blocks, shape, way);
  const groups = way === 'depthwise' ? wide[0] : params.groups;
  const { size } = blocks;
  const setting = { size, way, groups: params.groups };
  const filter = turnedFilter(graph, filledUp(graph, site.input(1), shape, wide), wide, setting);
  const attributes = slidingAttributes({ ...params, stride: [1, 1], pads, groups });
  const laid = spread(graph, blocks.laid(site.input(0)), {
    dy: [dy[0], wide[0], dy[2], dy[3]],
    ...{ stride, size },
  });
  return blocks.plain(
    graph.apply(onBlocks('Conv'), [laid, filter], attributes),
    xShape[1] as number,
  );
}
