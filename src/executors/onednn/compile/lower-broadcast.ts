// Sums over axes and repetition along them, as products with a row or a column of ones: oneDNN's
// reduction is plain code, many times slower than its products. Row-major and f32, whatever the
// activations are: a long sum in bf16 would lose its small terms.
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { BufferId } from './step.js';

/** y = sum of x over the axes that have size 1 in y. */
export function lowerSumTo(lowering: EntryLowering, node: Node<'sum_to'>): void {
  const x = node.inputs[0] as ValueId;
  const { shape } = lowering.typeOf(x);
  const src = lowering.input(x, lowering.plain(x), node);
  defineResized(lowering, node, src, [shape, node.params.shape]);
}

/** y = x repeated along the axes where it has size 1. */
export function lowerBroadcastTo(lowering: EntryLowering, node: Node<'broadcast_to'>): void {
  const x = node.inputs[0] as ValueId;
  const { shape } = lowering.typeOf(x);
  const src = lowering.input(x, lowering.plain(x), node);
  defineResized(lowering, node, src, [shape, node.params.shape]);
}

/** `src`, row-major f32 of shape `from`, repeated to `to`, in memory of its own. */
export function repeated(
  lowering: EntryLowering,
  node: Node,
  src: BufferId,
  [from, to]: readonly [Shape, Shape],
): BufferId {
  return runs(from, to).reduce((before, run) => {
    const dst = lowering.temporary(lowering.engine.layout(run.shape, 'f32', 'plain'));
    addRun(lowering, node, run, [before, dst]);
    return dst;
  }, src);
}

/** dst [rows, 1] = sums of the rows of src [rows, columns], row-major f32. */
export function addRowSums(
  lowering: EntryLowering,
  node: Node,
  [rows, columns]: readonly [number, number],
  buffers: readonly [BufferId, BufferId],
): void {
  const run = { outer: rows, from: columns, to: 1, inner: 1, shape: [rows, 1] };
  addRun(lowering, node, run, buffers);
}

function defineResized(
  lowering: EntryLowering,
  node: Node<'sum_to' | 'broadcast_to'>,
  src: BufferId,
  [from, to]: readonly [Shape, Shape],
): void {
  const y = node.outputs[0] as ValueId;
  const all = runs(from, to);
  let before = src;
  all.forEach((run, at) => {
    const layout = lowering.engine.layout(run.shape, 'f32', 'plain');
    const dst = at === all.length - 1 ? lowering.define(y, layout) : lowering.temporary(layout);
    addRun(lowering, node, run, [before, dst]);
    before = dst;
  });
  if (all.length > 0) return;
  const layout = lowering.plain(y);
  const copy = lowering.keep(lowering.engine.reorder(layout, layout));
  lowering.run('copy', node, copy, { reads: { src }, writes: { dst: lowering.define(y, layout) } });
}

// Neighbouring axes that all shrink to 1 or all grow from it: [outer, from, inner] becomes
// [outer, to, inner].
interface Run {
  readonly outer: number;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
  /** The whole shape after it. */
  readonly shape: Shape;
}

function runs(from: Shape, to: Shape): readonly Run[] {
  const found: Run[] = [];
  const shape = [...from];
  const changes = (axis: number): boolean => from[axis] !== to[axis];
  // Sums begin with the innermost axes, so that what is left is small soon.
  for (let end = from.length; end > 0; end--) {
    if (!changes(end - 1)) continue;
    let start = end - 1;
    while (start > 0 && changes(start - 1)) start--;
    const outer = elementCount(shape.slice(0, start));
    const inner = elementCount(shape.slice(end));
    for (let axis = start; axis < end; axis++) shape[axis] = to[axis] as number;
    found.push({
      ...{ outer, inner, shape: [...shape] },
      from: elementCount(from.slice(start, end)),
      to: elementCount(to.slice(start, end)),
    });
    end = start + 1;
  }
  return found;
}

// dst [outer, to, inner] = ones [1, to, from] times src [outer, from, inner]; one of to and from is
// 1.
function addRun(
  lowering: EntryLowering,
  node: Node,
  { outer, from, to, inner }: Run,
  [src, dst]: readonly [BufferId, BufferId],
): void {
  const plain = (dims: Shape): Layout => lowering.engine.layout(dims, 'f32', 'plain');
  // A sum over the last axis is src times a column of ones: one product instead of `outer`.
  const isColumn = inner === 1;
  const primitive = lowering.make(node, (engine) =>
    isColumn
      ? engine.matmul(plain([outer, from]), plain([from, to]), plain([outer, to]))
      : engine.matmul(plain([1, to, from]), plain([outer, from, inner]), plain([outer, to, inner])),
  );
  lowering.add({
    kind: node.op,
    node,
    reads: [src],
    writes: [dst],
    overwrites: [],
    scratchBytes: primitive.bytes('scratchpad'),
    bind: (places) => {
      const ones = places.ones(from * to, 'f32');
      const data = places.address(src);
      const call = primitive.bind({
        src: isColumn ? data : ones,
        weights: isColumn ? ones : data,
        dst: places.address(dst),
        scratchpad: places.scratch,
      });
      return call.run;
    },
  });
}
