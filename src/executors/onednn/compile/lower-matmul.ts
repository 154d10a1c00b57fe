// Products of matrices, softmax: row-major memory, in which oneDNN's kernels want them.
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import { rowMajorStrides } from '../binding/blocks.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { addRowSums } from './lower-broadcast.js';

/** a b for each place of the axes before the last two, in the activations' type. */
export function lowerMatmul(lowering: EntryLowering, node: Node<'matmul'>): void {
  const [a, b] = node.inputs as [ValueId, ValueId];
  const y = node.outputs[0] as ValueId;
  const { transposeA = false, transposeB = false } = node.params;
  const primitive = lowering.make(node, (engine) =>
    engine.matmul(
      matrices(lowering, a, transposeA),
      matrices(lowering, b, transposeB),
      matrices(lowering, y, false),
    ),
  );
  const reads = {
    src: lowering.input(a, lowering.plainActivation(a), node),
    weights: lowering.input(b, lowering.plainActivation(b), node),
  };
  const dst = lowering.define(y, lowering.plainActivation(y));
  lowering.run(node.op, node, primitive, { reads, writes: { dst } });
}

// A value as [count, rows, columns] of row-major memory; transposed, as [count, columns, rows].
function matrices(lowering: EntryLowering, value: ValueId, isTransposed: boolean): Layout {
  const { shape } = lowering.typeOf(value);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const dims: Shape = [elementCount(shape.slice(0, -2)), rows, columns];
  const strides = rowMajorStrides(dims);
  const swapped = <T>([count, x, y]: readonly T[]): T[] => [count, y, x] as T[];
  const { activations } = lowering.options;
  return isTransposed
    ? lowering.engine.strided(swapped(dims), activations, swapped(strides))
    : lowering.engine.strided(dims, activations, strides);
}

/** y = softmax of x along its last axis, in f32: probabilities and their differences lose too much
 *  in bf16. */
export function lowerSoftmax(lowering: EntryLowering, node: Node<'softmax'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const layout = lowering.plain(x);
  const primitive = lowering.make(node, (engine) => engine.softmax(layout));
  const src = lowering.input(x, layout, node);
  const dst = lowering.define(y, layout);
  lowering.run(node.op, node, primitive, {
    reads: { src },
    writes: { dst },
    overwrites: [[dst, src]],
  });
}

/** dx from dy and y. oneDNN 2.x has a kernel for AVX-512 alone; elsewhere its reference code takes
 *  30 times as long as the forward pass, so that products and differences are put together. */
export function lowerSoftmaxBackward(
  lowering: EntryLowering,
  node: Node<'softmax_backward'>,
): void {
  const [dy, y] = node.inputs as [ValueId, ValueId];
  const layout = lowering.plain(y);
  const hint = lowering.make(node, (engine) => engine.softmax(layout));
  const primitive = lowering.make(node, (engine) => engine.softmaxBackward(layout, hint));
  if (primitive.implementation.startsWith('ref')) return lowerBySteps(lowering, node);
  const reads = {
    dst: lowering.input(y, layout, node),
    diffDst: lowering.input(dy, layout, node),
  };
  const diffSrc = lowering.define(node.outputs[0] as ValueId, layout);
  lowering.run(node.op, node, primitive, { reads, writes: { diffSrc } });
}

// dx = y (dy - sums of the rows of dy y).
function lowerBySteps(lowering: EntryLowering, node: Node<'softmax_backward'>): void {
  const [dy, y] = node.inputs as [ValueId, ValueId];
  const { shape } = lowering.typeOf(y);
  const columns = shape.at(-1) as number;
  const rows = elementCount(shape) / columns;
  const layout = lowering.plain(y);
  const all = lowering.engine.layout([1, rows, columns], 'f32', 'plain');
  const column = lowering.engine.layout([1, rows, 1], 'f32', 'plain');
  const [multiply, subtract] = [
    lowering.make(node, (engine) => engine.binary('multiply', all, all, all)),
    lowering.make(node, (engine) => engine.binary('subtract', all, column, all)),
  ];
  const [given, shares] = [lowering.input(dy, layout, node), lowering.input(y, layout, node)];
  const [weighted, sums] = [lowering.temporary(all), lowering.temporary(column)];
  lowering.run(node.op, node, multiply, {
    reads: { src: given, src1: shares },
    writes: { dst: weighted },
  });
  addRowSums(lowering, node, [rows, columns], [weighted, sums]);
  const rest = lowering.temporary(all);
  lowering.run(node.op, node, subtract, {
    reads: { src: given, src1: sums },
    writes: { dst: rest },
  });
  lowering.run(node.op, node, multiply, {
    reads: { src: rest, src1: shares },
    writes: { dst: lowering.define(node.outputs[0] as ValueId, layout) },
  });
}
