// Gradients by weights as convolutions on blocks (./blocks.ts).
//
// dw[o,i,r,s] = sum over n, p, q of dy[n,o,p,q] x[n,i,p+r,q+s], with stride 1. The operator adds up
// over channels and over the rows of its kernel: here channels are blocks of columns q, its image
// is x with channels i in the place of columns, and dy is the kernel. Its rows slide, which gives
// all r; for each s the columns of dy are moved instead, with zeros where they leave x. As groups
// it has some of the images, whose sums are added at the end: work for several threads.
import type { ConvolutionParams } from '../../../program/ops/params.js';
import { type Blocks, onBlocks } from './blocks.js';
import type { Graph, Name } from './graph.js';
import { filledUp, isFull } from './lower-blocked-convolution.js';
import type { Axes4 } from './sliding.js';

/** Shapes of a convolution's tensors. */
export interface Shapes {
  readonly x: Axes4;
  readonly dy: Axes4;
  readonly w: Axes4;
}

/** What a gradient by weights is made of. */
export interface Operands {
  readonly x: Name;
  readonly dy: Name;
  readonly params: ConvolutionParams;
  readonly shapes: Shapes;
}

/** Filters that the operator computes at once are four blocks. */
const FILTER_BLOCKS = 4;

/** Pieces of work that are enough for the threads of a machine. */
const PIECES = 12;

/** With fewer columns, channels of x here, most of the operator's registers are idle. */
const FEW_CHANNELS = 16;

/** How columns fill blocks. */
interface Columns {
  /** With those that fill up the last block. */
  readonly wide: number;
  /** Columns of one image in a block, and blocks in a row. */
  readonly inBlock: number;
  readonly blocks: number;
  /** Images that share a block. */
  readonly images: number;
}

/** @returns null if too many columns were added */
function columnsOf(width: number, size: number): Columns | null {
  const power = 2 ** Math.ceil(Math.log2(width));
  const wide = width > size ? Math.ceil(width / size) * size : power;
  if (3 * wide > 4 * width) return null;
  const inBlock = Math.min(wide, size);
  return { wide, inBlock, blocks: wide / inBlock, images: size / inBlock };
}

interface Layout {
  readonly columns: Columns;
  /** Blocks of images, and groups of them. */
  readonly blocks: number;
  readonly groups: number;
  /** Columns of the gradient that are computed at once. */
  readonly atOnce: number;
  /** Outputs with those that fill up the last block. */
  readonly outputs: number;
}

const countOf = (shape: Axes4): number => shape.reduce((product, each) => product * each, 1);

/** As many groups as give enough work, or more where tables of places, which grow with the images
 *  of a group, cost more than sums. */
function groupsOf(blocks: number, pieces: number, { dy, w }: Shapes): number {
  const wanted = Math.max(PIECES / pieces, countOf(dy) / (16 * countOf(w)));
  const divisors = Array.from({ length: blocks }, (_, at) => at + 1).filter(
    (each) => blocks % each === 0,
  );
  return divisors.find((each) => each >= wanted) ?? blocks;
}

function layoutOf({ size, wide }: Blocks, outputs: number, shapes: Shapes): Layout | null {
  const [images, , , width] = shapes.x;
  const columns = columnsOf(width, size);
  if (columns === null || images % columns.images > 0) return null;
  const all = wide(outputs);
  const filters = FILTER_BLOCKS * size;
  const atOnce = Math.min(shapes.w[3], Math.max(1, Math.floor(filters / all)));
  const pieces = shapes.w[2] * Math.ceil((atOnce * all) / filters);
  const blocks = images / columns.images;
  return { columns, blocks, groups: groupsOf(blocks, pieces, shapes), atOnce, outputs: all };
}

/** x as the image: blocks of columns are its channels, channels its columns. */
function imageOf(graph: Graph, { x, shapes }: Operands, { columns, blocks }: Layout): Name {
  const [images, channels, rows] = shapes.x;
  const full = filledUp(graph, x, shapes.x, [images, channels, rows, columns.wide]);
  const lines = rows * columns.blocks;
  const form = [blocks, columns.images, channels, lines, columns.inBlock];
  const turned = graph.transpose(graph.reshape(full, form), [0, 3, 2, 1, 4]);
  return graph.reshape(turned, [1, blocks * columns.images * columns.inBlock, lines, channels]);
}

type Cell = readonly [number, number, number, number, number, number, number];

/** What a function says for each cell of a grid, in row-major order. */
function overGrid(sizes: Cell, say: (cell: Cell) => number): number[] {
  const cell = sizes.map(() => 0);
  const count = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, () => {
    const said = say(cell as readonly number[] as Cell);
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      cell[axis] = ((cell[axis] as number) + 1) % (sizes[axis] as number);
      if (cell[axis] !== 0) break;
    }
    return said;
  });
}

/** Places of the kernel's blocks for some columns of the gradient, in one group's part of dy, which
 *  lies in blocks of outputs with a column of zeros behind each row. */
function placesOf(
  { params, shapes }: Operands,
  { columns, blocks, groups, outputs }: Layout,
  size: number,
  taps: readonly number[],
): number[] {
  const [, , rows, width] = shapes.dy;
  const lines = outputs / size;
  const inRow = [columns.blocks, columns.images, columns.inBlock] as const;
  return overGrid(
    [taps.length, lines, blocks / groups, rows, ...inRow],
    ([tap, output, block, row, part, image, at]) => {
      const plane = (block * columns.images + image) * lines + output;
      const move = params.pads[1] - (taps[tap] as number) * params.dilation[1];
      const column = part * columns.inBlock + at + move;
      const isInside = column >= 0 && column < width;
      return (plane * rows + row) * (width + 1) + (isInside ? column : width);
    },
  );
}

/** @returns null where it is not faster than products of matrices */
export function blockedByWeights(
  graph: Graph,
  blocks: Blocks | null,
  operands: Operands,
): Name | null {
  const { params, shapes } = operands;
  const [outputs, channels, kernelRows, kernelColumns] = shapes.w;
  const isSlow = kernelRows * kernelColumns === 1 || channels < FEW_CHANNELS;
  if (blocks === null || isSlow || !isFull(blocks, outputs)) return null;
  if (params.groups > 1 || params.stride.some((step) => step > 1)) return null;
  const layout = layoutOf(blocks, outputs, shapes);
  if (layout === null) return null;
  const taps = Array.from({ length: kernelColumns }, (_, tap) => tap);
  const sums: Name[] = [];
  for (let from = 0; from < kernelColumns; from += layout.atOnce) {
    const some = taps.slice(from, from + layout.atOnce);
    sums.push(someColumns(graph, operands, layout, { blocks, taps: some }));
  }
  const all = sums.length === 1 ? sums[0] : graph.apply('Concat', sums, { axis: { int: 0 } });
  const turned = graph.transpose(all as Name, [1, 4, 3, 2, 0]);
  const dw = graph.reshape(turned, [layout.outputs, channels, kernelRows, kernelColumns]);
  if (layout.outputs === outputs) return dw;
  return graph.apply('Slice', [dw, ...[[0], [outputs], [0]].map((list) => graph.integers(list))]);
}

/** [columns of the gradient, blocks of outputs, its rows, channels, outputs of the block]. */
function someColumns(
  graph: Graph,
  operands: Operands,
  layout: Layout,
  { blocks, taps }: { readonly blocks: Blocks; readonly taps: readonly number[] },
): Name {
  const { size } = blocks;
  const { params, shapes } = operands;
  const { columns, groups, outputs } = layout;
  const [, channels, rows] = shapes.x;
  const [images, , dyRows, width] = shapes.dy;
  const edged = filledUp(graph, operands.dy, shapes.dy, [...shapes.dy.slice(0, 3), width + 1]);
  const inGroup = (images / groups) * (outputs / size) * dyRows * (width + 1);
  const laid = graph.reshape(blocks.laid(edged), [groups, inGroup, size]);
  const places = graph.integers(placesOf(operands, layout, size, taps));
  const kernel = graph.apply('Gather', [laid, places], { axis: { int: 1 } });
  const filters = groups * taps.length * outputs;
  const filterChannels = (layout.blocks / groups) * size;
  const filter = graph.reshape(kernel, [filters, filterChannels, dyRows * columns.blocks, 1]);
  const kernelRows = shapes.w[2];
  const below = (kernelRows - 1) * params.dilation[0] + dyRows - rows - params.pads[0];
  const y = graph.apply(onBlocks('Conv'), [imageOf(graph, operands, layout), filter], {
    group: { int: groups },
    strides: { ints: [columns.blocks * params.dilation[0], 1] },
    pads: { ints: [params.pads[0] * columns.blocks, 0, below * columns.blocks, 0] },
  });
  const form = [taps.length, outputs / size, kernelRows, channels, size];
  const sums = graph.reshape(y, [groups, ...form]);
  return graph.reshape(groups === 1 ? sums : graph.reduce('ReduceSum', sums, [0]), form);
}

/** Of a convolution of each channel by itself: dy of all images is the kernel of one such
 *  convolution over all images of x, which gives each image's gradient.
 *  @returns null where blocks are of no use */
export function blockedDepthwiseByWeights(
  graph: Graph,
  blocks: Blocks | null,
  { x, dy, params, shapes }: Operands,
): Name | null {
  const [channels, , kernelRows, kernelColumns] = shapes.w;
  if (blocks === null || !isFull(blocks, channels)) return null;
  const { size } = blocks;
  const wide = blocks.wide(channels);
  const [images, , ...sizes] = shapes.x;
  const [, , ...positions] = shapes.dy;
  const { stride, pads, dilation } = params;
  const kernel = [kernelRows, kernelColumns] as const;
  const needed = ([0, 1] as const).map((axis) => {
    const reach = (kernel[axis] - 1) * dilation[axis] + (positions[axis] as number) * stride[axis];
    return reach - stride[axis] + 1 - (sizes[axis] as number) - (pads[axis] as number);
  });
  // Rows or columns that no window reached would give taps beyond the kernel.
  if (needed.some((pad) => pad < 0)) return null;
  const all = images * wide;
  const image = graph.reshape(blocks.laid(x), [1, all, ...sizes]);
  const filter = graph.reshape(blocks.laid(dy), [all, 1, ...positions]);
  const each = graph.apply(onBlocks('Conv'), [image, filter], {
    group: { int: all },
    strides: { ints: dilation },
    dilations: { ints: stride },
    pads: { ints: [pads[0], pads[1], ...needed] },
  });
  const byImage = graph.reshape(each, [images, wide / size, kernelRows * kernelColumns, size]);
  const sums = graph.transpose(graph.reduce('ReduceSum', byImage, [0]), [0, 1, 3, 2]);
  const dw = graph.reshape(sums, [wide, 1, kernelRows, kernelColumns]);
  if (wide === channels) return dw;
  return graph.apply('Slice', [dw, ...[[0], [channels], [0]].map((list) => graph.integers(list))]);
}
