// ReLU, sums and products, in place where the operand dies.
import type { Node, ValueId } from '../../../program/types.js';
import { sameShape, type Shape } from '../../../tensor/tensor.js';
import type { Layout } from '../engine.js';
import { blockedAlike } from './blocked-alike.js';
import type { EntryLowering } from './entry-lowering.js';
import { repeated } from './lower-broadcast.js';
import type { BufferId } from './step.js';

/** y = max(x, 0), unless the op before has already done it. */
export function lowerRelu(lowering: EntryLowering, node: Node<'relu'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  if (lowering.isDefined(y)) return;
  const layout = lowering.layoutOf(x, node);
  const primitive = lowering.make(node, (engine) => engine.relu(layout));
  const src = lowering.home(x, node);
  const dst = lowering.define(y, layout);
  lowering.run(node.op, node, primitive, {
    reads: { src },
    writes: { dst },
    overwrites: [[dst, src]],
  });
}

/** dx = dy where y > 0, unless the pooling's backward op has already done it or the batch norm's
 *  will. */
export function lowerReluBackward(lowering: EntryLowering, node: Node<'relu_backward'>): void {
  const [dy, y] = node.inputs as [ValueId, ValueId];
  const dx = node.outputs[0] as ValueId;
  if (lowering.isDefined(dx)) return;
  if (lowering.forwardIfAny(y)?.relu === true) return lowering.alias(dx, lowering.home(dy, node));
  const layout = lowering.layoutOf(y, node);
  const reads = { dst: lowering.home(y, node), diffDst: lowering.input(dy, layout, node) };
  addReluBackward(lowering, node, layout, reads, lowering.define(dx, layout));
}

/** Adds the step diffSrc = diffDst where dst > 0, all in one layout. */
export function addReluBackward(
  lowering: EntryLowering,
  node: Node<'relu_backward'>,
  layout: Layout,
  reads: { readonly dst: BufferId; readonly diffDst: BufferId },
  diffSrc: BufferId,
): void {
  const hint = lowering.make(node, (engine) => engine.relu(layout));
  const primitive = lowering.make(node, (engine) => engine.reluBackward(layout, layout, hint));
  lowering.run(node.op, node, primitive, {
    reads: { ...reads },
    writes: { diffSrc },
    overwrites: [[diffSrc, reads.diffDst]],
  });
}

/** a + b or a * b, in the layout of the operand that has the result's shape: a, if both have. */
export function lowerBinary(lowering: EntryLowering, node: Node<'add' | 'multiply'>): void {
  const y = node.outputs[0] as ValueId;
  const { shape } = lowering.typeOf(y);
  const isFull = (value: ValueId): boolean => sameShape(lowering.typeOf(value).shape, shape);
  const full = node.inputs.find(isFull);
  const [a, b] = node.inputs as [ValueId, ValueId];
  if (full === undefined) return lowerOuter(lowering, node, [a, b]);
  const other = full === a ? b : a;
  const layout = binaryLayout(lowering, node, full, lowering.typeOf(other).shape);
  addBinary(lowering, node, lowering.input(full, layout, node), other, layout);
}

// That of the full operand, unless an axis in blocks is broadcast: oneDNN 2.6 would read the
// padding of the other's block.
function binaryLayout(
  lowering: EntryLowering,
  node: Node<'add' | 'multiply'>,
  full: ValueId,
  other: Shape,
): Layout {
  const layout = lowering.layoutOf(full, node);
  const isCut = layout.blockedAxes.some((axis) => other[axis] !== layout.dims[axis]);
  return isCut ? lowering.engine.layout(layout.dims, layout.type, 'plain') : layout;
}

// Both operands are broadcast: a is repeated to the whole shape first.
function lowerOuter(
  lowering: EntryLowering,
  node: Node<'add' | 'multiply'>,
  [a, b]: readonly [ValueId, ValueId],
): void {
  const y = node.outputs[0] as ValueId;
  const src = lowering.input(a, lowering.plain(a), node);
  const shapes = [lowering.typeOf(a).shape, lowering.typeOf(y).shape] as const;
  addBinary(lowering, node, repeated(lowering, node, src, shapes), b, lowering.plain(y));
}

function addBinary(
  lowering: EntryLowering,
  node: Node<'add' | 'multiply'>,
  src: BufferId,
  other: ValueId,
  layout: Layout,
): void {
  const { shape } = lowering.typeOf(other);
  const wanted = sameShape(shape, layout.dims)
    ? layout
    : (blockedAlike(lowering.engine, layout, shape) ??
      lowering.engine.layout(shape, layout.type, 'plain'));
  const primitive = lowering.make(node, (engine) => engine.binary(node.op, layout, wanted, layout));
  const src1 = lowering.input(other, wanted, node);
  const dst = lowering.define(node.outputs[0] as ValueId, layout);
  lowering.run(node.op, node, primitive, {
    reads: { src, src1 },
    writes: { dst },
    overwrites: [[dst, src]],
  });
}
