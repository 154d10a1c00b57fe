// Average pooling and means with their backward ops. A mean is a pooling with one window: oneDNN's
// own reduction is reference code, hundreds of times slower (36 ms where pooling needs 0.12).
import type { AveragePoolParams, MeanParams, OpName } from '../../../program/ops/params.js';
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import { positionsOf, squareSliding } from '../../../tensor/window.js';
import type { Layout, PoolingProblem, Primitive } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { poolingWindow } from './pooling-window.js';
import { shapedLayout } from './shaped-layout.js';
import type { BufferId } from './step.js';

type Pooling = Omit<PoolingProblem, 'direction' | 'src' | 'dst'>;

/** y, in the layout in which x comes. */
export function lowerAveragePool(lowering: EntryLowering, node: Node<'average_pool'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { shape } = lowering.typeOf(x);
  const src = shapedLayout(lowering, x, node);
  const primitive = makeForward(lowering, node, src, y, poolingOf(node.params, shape));
  const made = lowering.define(y, primitive.layout('dst') as Layout);
  const ratio = ratioOf(lowering, node, shape);
  lowering.run(node.op, node, primitive, {
    reads: { src: lowering.input(x, src, node) },
    writes: { dst: made },
  });
  if (ratio === undefined) return;
  lowering.alias(y, multiplied(lowering, node, made, ratio));
}

/** dx from dy. */
export function lowerAveragePoolBackward(
  lowering: EntryLowering,
  node: Node<'average_pool_backward'>,
): void {
  const [dy, dx] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { xShape } = node.params;
  const src = likelyLayout(lowering, 'average_pool', xShape);
  const pooling = poolingOf(node.params, xShape);
  const hint = makeForward(lowering, node, src, dy, pooling);
  const primitive = makeBackward(lowering, node, hint, pooling);
  const given = lowering.input(dy, primitive.layout('diffDst') as Layout, node);
  const ratio = ratioOf(lowering, node, xShape);
  const diffDst = ratio === undefined ? given : multiplied(lowering, node, given, ratio);
  const diffSrc = lowering.define(dx, primitive.layout('diffSrc') as Layout);
  lowering.run(node.op, node, primitive, { reads: { diffDst }, writes: { diffSrc } });
}

/** y: over height and width in the layout in which x comes, else row-major. */
export function lowerMean(lowering: EntryLowering, node: Node<'mean'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { shape } = lowering.typeOf(x);
  const lies = shapedLayout(lowering, x, node);
  const view = viewOf(lowering, node.params, shape, lies);
  const primitive = lowering.make(node, (engine) =>
    engine.pooling({ direction: 'forward', ...view }),
  );
  const made = primitive.layout('dst') as Layout;
  const plain = lowering.engine.layout(lowering.typeOf(y).shape, lies.type, 'plain');
  const src = lowering.input(x, view.isAsItLies ? view.src : plainOf(lowering, shape, lies), node);
  if (sameBytes(lowering, made, view.isAsItLies)) {
    const dst = lowering.define(y, plain);
    lowering.run(node.op, node, primitive, { reads: { src }, writes: { dst } });
    return;
  }
  const dst = lowering.temporary(made);
  lowering.run(node.op, node, primitive, { reads: { src }, writes: { dst } });
  const rowMajor = lowering.engine.layout(made.dims, made.type, 'plain');
  const move = lowering.keep(lowering.engine.reorder(made, rowMajor));
  const target = lowering.define(y, plain);
  lowering.run('reorder', node, move, { reads: { src: dst }, writes: { dst: target } });
}

/** dx from dy. */
export function lowerMeanBackward(lowering: EntryLowering, node: Node<'mean_backward'>): void {
  const [dy, dx] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { xShape } = node.params;
  const lies = likelyLayout(lowering, 'mean', xShape);
  const view = viewOf(lowering, node.params, xShape, lies);
  const hint = lowering.make(node, (engine) => engine.pooling({ direction: 'forward', ...view }));
  const primitive = makeBackward(lowering, node, hint, view);
  const wanted = primitive.layout('diffDst') as Layout;
  const { shape } = lowering.typeOf(dy);
  const plain = lowering.engine.layout(shape, lies.type, 'plain');
  const rows = lowering.input(dy, plain, node);
  const diffDst = view.isAsItLies ? lowering.convert(rows, wanted, node) : rows;
  const made = view.isAsItLies
    ? (primitive.layout('diffSrc') as Layout)
    : plainOf(lowering, xShape, lies);
  const diffSrc = lowering.define(dx, made);
  lowering.run(node.op, node, primitive, { reads: { diffDst }, writes: { diffSrc } });
}

interface View extends Pooling {
  readonly src: Layout;
  readonly dst: Layout;
  /** Whether src is x as it lies; else the same elements row-major, under other axes. */
  readonly isAsItLies: boolean;
}

// x as images whose mean over height and width is wanted. Axes before and behind the reduced ones
// become images and channels: [A,R,B] row-major is [A,B,R,1] channels last, [A,R] is [1,A,R,1].
function viewOf(lowering: EntryLowering, params: MeanParams, shape: Shape, lies: Layout): View {
  const { engine } = lowering;
  const { axes } = params;
  const [from, to] = [axes[0] as number, (axes.at(-1) as number) + 1];
  const reduced = shape.slice(from, to);
  const isImage = from === 2 && to === 4 && shape.length === 4;
  if (isImage) {
    const [n, c, h, w] = shape as readonly [number, number, number, number];
    const dst = engine.layout([n, c, 1, 1], lies.type, 'any');
    return { ...globalWindow(h, w), src: lies, dst, isAsItLies: true };
  }
  const [before, rows, behind] = [shape.slice(0, from), reduced, shape.slice(to)].map(
    elementCount,
  ) as [number, number, number];
  const [dims, format] =
    behind === 1
      ? ([[1, before, rows, 1], 'plain'] as const)
      : ([[before, behind, rows, 1], 'nhwc'] as const);
  const layout = (h: number): Layout => engine.layout(dims.with(2, h), lies.type, format);
  return { ...globalWindow(rows, 1), src: layout(rows), dst: layout(1), isAsItLies: false };
}

function globalWindow(height: number, width: number): Pooling {
  return { algorithm: 'average', kernel: [height, width], ...squareSliding() };
}

function plainOf({ engine }: EntryLowering, shape: Shape, { type }: Layout): Layout {
  return engine.layout(shape, type, 'plain');
}

// Whether a pooled layout's bytes are those of the row-major result.
function sameBytes({ engine }: EntryLowering, made: Layout, isAsItLies: boolean): boolean {
  return !isAsItLies || made.key === engine.layout(made.dims, made.type, 'plain').key;
}

function poolingOf(params: AveragePoolParams, xShape: Shape): Pooling {
  const window = poolingWindow(params, xShape);
  // Without pads inside the image's frame both ways to count are one.
  const withPads = params.includePad && params.pads.some((pad) => pad > 0);
  const isWhole = withPads && !hangsOver(params, xShape);
  return { ...window, algorithm: isWhole ? 'average with padding' : 'average' };
}

// Whether a window reaches beyond image and pads.
function hangsOver(params: AveragePoolParams, xShape: Shape): boolean {
  const { pads } = poolingWindow(params, xShape);
  return pads[2] > params.pads[2] || pads[3] > params.pads[3];
}

// oneDNN knows two ways to count: cells inside the image, or all of the window. Where windows hang
// over and pads count, what the first gives is multiplied by cells inside the image over cells
// inside image and pads: one factor a position, [1,1,OH,OW]. Undefined where none is needed.
function ratioOf(
  lowering: EntryLowering,
  node: Node<'average_pool' | 'average_pool_backward'>,
  xShape: Shape,
): BufferId | undefined {
  const { params } = node;
  const withPads = params.includePad && params.pads.some((pad) => pad > 0);
  if (!withPads || !hangsOver(params, xShape)) return undefined;
  const [, , h, w] = xShape as readonly [number, number, number, number];
  const [oh, ow] = positionsOf(params, [h, w]);
  const [rows, columns] = [ratios(params, 0, h, oh), ratios(params, 1, w, ow)] as const;
  const buffer = lowering.temporary(lowering.engine.layout([1, 1, oh, ow], 'f32', 'plain'));
  lowering.add({
    kind: 'copy',
    node,
    reads: [],
    writes: [buffer],
    overwrites: [],
    scratchBytes: 0,
    bind: (places) => {
      const target = places.float32(buffer);
      const values = rows.flatMap((row) => columns.map((column) => row * column));
      return () => target.set(values);
    },
  });
  return buffer;
}

// Of each position along one axis: cells inside the image over cells inside image and pads.
function ratios(
  { kernel, stride, pads, dilation }: AveragePoolParams,
  axis: 0 | 1,
  size: number,
  positions: number,
): readonly number[] {
  return Array.from({ length: positions }, (_, position) => {
    const start = position * stride[axis] - pads[axis];
    const cells = Array.from({ length: kernel[axis] }, (_, tap) => start + tap * dilation[axis]);
    const end = size + (pads[axis + 2] as number);
    const inside = cells.filter((cell) => cell >= 0 && cell < size).length;
    return inside / cells.filter((cell) => cell < end).length;
  });
}

function multiplied(
  lowering: EntryLowering,
  node: Node,
  buffer: BufferId,
  ratio: BufferId,
): BufferId {
  const { layout } = lowering.buffers[buffer] as { layout: Layout };
  const factors = (lowering.buffers[ratio] as { layout: Layout }).layout;
  const primitive = lowering.make(node, (engine) =>
    engine.binary('multiply', layout, factors, layout),
  );
  const dst = lowering.temporary(layout);
  const reads = { src: buffer, src1: ratio };
  lowering.run('multiply', node, primitive, { reads, writes: { dst } });
  return dst;
}

function makeForward(
  lowering: EntryLowering,
  node: Node,
  src: Layout,
  y: ValueId,
  pooling: Pooling,
): Primitive {
  const dst = lowering.engine.layout(lowering.typeOf(y).shape, src.type, 'any');
  return lowering.make(node, (engine) =>
    engine.pooling({ direction: 'forward', src, dst, ...pooling }),
  );
}

function makeBackward(
  lowering: EntryLowering,
  node: Node,
  hint: Primitive,
  pooling: Pooling,
): Primitive {
  const [src, dst] = [hint.layout('src') as Layout, hint.layout('dst') as Layout];
  return lowering.make(node, (engine) =>
    engine.pooling({ ...pooling, direction: 'backwardData', src, dst, hint }),
  );
}

// The gradient of an image may lie in any layout. That in which such a forward op's input lies is
// mostly that of its own, which whatever reads the gradient will want: it spares a reorder.
function likelyLayout(lowering: EntryLowering, forward: OpName, xShape: Shape): Layout {
  const isAlike = ({ op, inputs }: Node): boolean =>
    op === forward && lowering.typeOf(inputs[0] as ValueId).shape.join() === xShape.join();
  const node = lowering.program.nodes.find(
    (each) => isAlike(each) && lowering.isDefined(each.inputs[0] as ValueId),
  );
  const { activations } = lowering.options;
  if (node === undefined) return lowering.engine.layout(xShape, activations, 'plain');
  return shapedLayout(lowering, node.inputs[0] as ValueId, node);
}
