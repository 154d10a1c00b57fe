// Concatenation, slices, pads, reshapes and transpositions. Copies are reorders between strided
// places of row-major memory; a reshape costs nothing.
import type { SliceParams } from '../../../program/ops/params.js';
import type { Node, ValueId } from '../../../program/types.js';
import type { Shape } from '../../../tensor/tensor.js';
import { rowMajorStrides } from '../binding/blocks.js';
import type { ElementType, Layout } from '../engine.js';
import { blockedAlike } from './blocked-alike.js';
import type { EntryLowering } from './entry-lowering.js';
import { memoryOf, type Buffer, type BufferId } from './step.js';

/** The inputs one after another: blocked if all of them are blocked alike, else row-major. */
export function lowerConcat(lowering: EntryLowering, node: Node<'concat'>): void {
  const y = node.outputs[0] as ValueId;
  const found = node.inputs.map((value) => lowering.layoutOf(value, node));
  const [first] = found as [Layout];
  const isAlike = found.every(({ text, type }) => text === first.text && type === first.type);
  const layouts = isAlike
    ? found
    : node.inputs.map((value) => plainOf(lowering, value, first.type));
  const any = lowering.engine.layout(lowering.typeOf(y).shape, first.type, 'any');
  const primitive = lowering.make(node, (engine) => engine.concat(node.params.axis, layouts, any));
  const reads = node.inputs.map((value, at) => [
    `input${at}`,
    lowering.input(value, layouts[at] as Layout, node),
  ]);
  const dst = lowering.define(y, primitive.layout('dst') as Layout);
  const cast = Object.fromEntries(reads) as Record<`input${number}`, BufferId>;
  lowering.run(node.op, node, primitive, { reads: cast, writes: { dst } });
}

/** A part of x: where it lies in blocks, if none is cut, else out of row-major memory. */
export function lowerSlice(lowering: EntryLowering, node: Node<'slice'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { starts, steps } = node.params;
  const whole = lowering.layoutOf(x, node);
  const { shape } = lowering.typeOf(y);
  const isWhole = steps.every((step) => step === 1);
  const part = isWhole ? lowering.engine.part(whole, shape, starts) : undefined;
  const target = part && blockedAlike(lowering.engine, whole, shape);
  if (part && target) {
    const primitive = lowering.make(node, (engine) => engine.reorder(part, target));
    const reads = { src: lowering.home(x, node) };
    const writes = { dst: lowering.define(y, target) };
    return lowering.run(node.op, node, primitive, { reads, writes });
  }
  const src = plainInput(lowering, x, node);
  addMove(lowering, node, {
    ...{ shape, type: whole.type },
    from: { buffer: src, ...sliced(lowering.typeOf(x).shape, node.params) },
    to: { buffer: lowering.define(y, plainOf(lowering, y, whole.type)), ...dense(shape) },
  });
}

/** dy among zeros. */
export function lowerSliceBackward(lowering: EntryLowering, node: Node<'slice_backward'>): void {
  const dx = node.outputs[0] as ValueId;
  addFilled(lowering, node, 0, sliced(lowering.typeOf(dx).shape, node.params));
}

/** x among copies of a value. */
export function lowerPad(lowering: EntryLowering, node: Node<'pad'>): void {
  const { pads, value } = node.params;
  const y = lowering.typeOf(node.outputs[0] as ValueId).shape;
  const strides = rowMajorStrides(y);
  addFilled(lowering, node, value, { strides, offset: dot(pads.slice(0, y.length), strides) });
}

/** The memory of x under other dims; of a slot, a copy: its memory changes within the run. */
export function lowerReshape(lowering: EntryLowering, node: Node<'reshape'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const src = plainInput(lowering, x, node);
  const { layout } = lowering.buffers[src] as Buffer;
  const target = plainOf(lowering, y, layout.type);
  const { home } = lowering.buffers[memoryOf(lowering.buffers, src)] as Buffer;
  if (home.kind !== 'slot') return void lowering.defineView(y, target, src);
  const copy = lowering.keep(lowering.engine.reorder(target, target));
  const dst = lowering.define(y, target);
  lowering.run(node.op, node, copy, { reads: { src }, writes: { dst } });
}

/** x with its axes in another order. */
export function lowerTranspose(lowering: EntryLowering, node: Node<'transpose'>): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const src = plainInput(lowering, x, node);
  const { type } = (lowering.buffers[src] as Buffer).layout;
  const strides = rowMajorStrides(lowering.typeOf(x).shape);
  const { shape } = lowering.typeOf(y);
  addMove(lowering, node, {
    ...{ shape, type },
    from: {
      ...{ buffer: src, offset: 0 },
      strides: node.params.axes.map((axis) => strides[axis] as number),
    },
    to: { buffer: lowering.define(y, plainOf(lowering, y, type)), ...dense(shape) },
  });
}

/** Row-major layout of a value in an element type. */
function plainOf(lowering: EntryLowering, value: ValueId, type: ElementType): Layout {
  return lowering.engine.layout(lowering.typeOf(value).shape, type, 'plain');
}

/** The value in row-major order, in the element type that it has. */
function plainInput(lowering: EntryLowering, value: ValueId, node: Node): BufferId {
  const { type } = lowering.layoutOf(value, node);
  return lowering.input(value, plainOf(lowering, value, type), node);
}

/** Every how many elements of a row-major buffer the next one on each axis stands, from which. */
interface Place {
  readonly strides: readonly number[];
  readonly offset: number;
}

function dense(shape: Shape): Place {
  return { strides: rowMajorStrides(shape), offset: 0 };
}

function sliced(whole: Shape, { starts, steps }: SliceParams): Place {
  const strides = rowMajorStrides(whole);
  return {
    strides: strides.map((stride, axis) => stride * (steps[axis] as number)),
    offset: dot(starts, strides),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
}

interface Move {
  readonly shape: Shape;
  readonly type: ElementType;
  readonly from: Place & { readonly buffer: BufferId };
  readonly to: Place & { readonly buffer: BufferId };
  /** What the target holds where nothing is moved to; left out: everything is. */
  readonly fill?: number;
}

// Copies elements from place to place: a step of its own, since oneDNN's layouts have no offsets
// but those of a part.
function addMove(lowering: EntryLowering, node: Node, move: Move): void {
  const { type, from, to, fill } = move;
  const boxes = boxesOf(move).map(({ start, size }) => ({
    primitive: lowering.make(node, (engine) =>
      engine.reorder(
        engine.strided(size, type, from.strides),
        engine.strided(size, type, to.strides),
      ),
    ),
    src: from.offset + dot(start, from.strides),
    dst: to.offset + dot(start, to.strides),
  }));
  const bytes = type === 'bf16' ? 2 : 4;
  lowering.add({
    kind: node.op,
    node,
    reads: [from.buffer],
    writes: [to.buffer],
    overwrites: [],
    scratchBytes: Math.max(...boxes.map(({ primitive }) => primitive.bytes('scratchpad'))),
    bind: (places) => {
      const at = (buffer: BufferId, offset: number): bigint =>
        places.address(buffer) + BigInt(bytes * offset);
      const calls = boxes.map(({ primitive, src, dst }) =>
        primitive.bind({
          ...{ src: at(from.buffer, src), dst: at(to.buffer, dst) },
          scratchpad: places.scratch,
        }),
      );
      const target = fill === undefined ? undefined : places.float32(to.buffer);
      return () => {
        target?.fill(fill as number);
        for (const call of calls) call.run();
      };
    },
  });
}

// A move in boxes whose strides oneDNN takes: `size` steps along an axis may not reach beyond the
// next outer one, as the last step of every second of seven elements does. Such a last step is a
// box of its own.
function boxesOf({ shape, from, to }: Move): { start: Shape; size: Shape }[] {
  const hangsOver = ({ strides }: Place, axis: number): boolean => {
    const extent = (strides[axis] as number) * (shape[axis] as number);
    return strides.some(
      (stride, at) => stride > (strides[axis] as number) && stride < extent && shape[at] !== 1,
    );
  };
  let boxes = [{ start: shape.map(() => 0), size: [...shape] }];
  shape.forEach((count, axis) => {
    if (count === 1 || !(hangsOver(from, axis) || hangsOver(to, axis))) return;
    boxes = boxes.flatMap(({ start, size }) => [
      { start, size: size.with(axis, count - 1) },
      { start: start.with(axis, count - 1), size: size.with(axis, 1) },
    ]);
  });
  return boxes;
}

// The node's input at `place` of its output, `fill` elsewhere; f32, so that the host can fill it.
function addFilled(
  lowering: EntryLowering,
  node: Node<'pad' | 'slice_backward'>,
  fill: number,
  place: Place,
): void {
  const [x, y] = [node.inputs[0] as ValueId, node.outputs[0] as ValueId];
  const { shape } = lowering.typeOf(x);
  addMove(lowering, node, {
    ...{ shape, type: 'f32' as const, fill },
    from: { buffer: lowering.input(x, lowering.plain(x), node), ...dense(shape) },
    to: { buffer: lowering.define(y, lowering.plain(y)), ...place },
  });
}
