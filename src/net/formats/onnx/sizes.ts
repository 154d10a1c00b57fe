// Sizes of what operators that only move numbers give: the same rules for constants, which are
// folded, and for values that depend on the images.
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import type { Reading } from './reading.js';
import { Refusal } from './refusal.js';

/** An axis counted from the front. @throws Refusal if there is none */
export function axisOf(axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (found >= 0 && found < rank) return found;
  throw new Refusal(`has the axis ${axis}, wanted one of ${rank} axes`);
}

/** Sizes after NumPy's broadcasting. @throws Refusal if they do not fit */
export function broadcast(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((each) => each !== 1) ?? 1;
    if (sizes.some((each) => each !== 1 && each !== size)) {
      throw new Refusal(
        `has inputs of the shapes ${shapes.map((shape) => `[${shape.join(',')}]`).join(' and ')}`,
      );
    }
    return size;
  });
}

/** Sizes after Reshape, Flatten, Squeeze or Unsqueeze. Files that were exported for several images
 *  give the shape for that many: what follows from one is taken. */
export function reshaped(reading: Reading, dims: Shape): Shape {
  const { node } = reading;
  const rank = dims.length;
  if (node.op === 'Flatten') {
    const axis = reading.number('axis', 1);
    const at = axis < 0 ? axis + rank : axis;
    return [elementCount(dims.slice(0, at)), elementCount(dims.slice(at))];
  }
  if (node.op === 'Squeeze') {
    const axes = reading.listOr('axes', 1)?.map((axis) => axisOf(axis, rank));
    return dims.filter((size, axis) => (axes === undefined ? size !== 1 : !axes.includes(axis)));
  }
  if (node.op === 'Unsqueeze') {
    const axes = reading.listOr('axes', 1) ?? [];
    const wanted = new Set(axes.map((axis) => axisOf(axis, rank + axes.length)));
    const rest = [...dims];
    return Array.from({ length: rank + axes.length }, (_, axis) =>
      wanted.has(axis) ? 1 : (rest.shift() ?? 1),
    );
  }
  const written = reading.listOr('shape', 1) ?? [];
  const keepsZero = reading.number('allowzero', 0) === 1;
  return filled(
    written.map((size, axis) => (size === 0 && !keepsZero ? (dims[axis] ?? 0) : size)),
    elementCount(dims),
  );
}

function filled(shape: Shape, count: number): Shape {
  const rest = elementCount(shape.filter((size) => size !== -1));
  const found = shape.map((size) => (size === -1 ? count / rest : size));
  const total = elementCount(found);
  if (total === count && found.every(Number.isInteger)) return found;
  const images = shape.includes(-1) ? (shape[0] ?? 0) : total / count;
  if (Number.isInteger(images) && images > 1 && (shape[0] ?? 0) % images === 0) {
    return filled([(shape[0] as number) / images, ...shape.slice(1)], count);
  }
  throw new Refusal(
    `makes [${shape.join(',')}] of ${count} numbers`,
    'export the network with a batch of 1, or with a batch that is left open',
  );
}

/** Axes of a Transpose: axis i of the result is axis `order[i]` of the input. */
export function orderOf(reading: Reading, rank: number): readonly number[] {
  return reading.list('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

/** What a Slice takes of each axis: elements start, start + step, ..., `size` of them. */
export interface AxisRange {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly size: number;
}

/** The ranges of a Slice. @throws Refusal if they depend on the images */
export function slices(reading: Reading, dims: Shape): readonly AxisRange[] {
  const starts = reading.listOr('starts', 1) ?? [];
  const ends = reading.listOr('ends', 2) ?? [];
  const axes = reading.listOr('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = reading.has(4) ? reading.numbers(4) : [];
  return axes.map((written, index) => {
    const axis = axisOf(written, dims.length);
    const size = dims[axis] as number;
    const step = steps[index] ?? 1;
    const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
    const clamped = (place: number): number =>
      Math.min(Math.max(place < 0 ? place + size : place, least), most);
    const start = clamped(starts[index] ?? 0);
    const end = clamped(ends[index] ?? size);
    return { axis, start, step, size: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** Sizes after a Slice. */
export function sliced(dims: Shape, ranges: readonly AxisRange[]): Shape {
  return dims.map((size, axis) => ranges.find((range) => range.axis === axis)?.size ?? size);
}

/** Sizes of the parts of a Split along its axis. */
export function parts(reading: Reading, size: number): readonly number[] {
  const written = reading.listOr('split', 1);
  if (written !== null) return written;
  const count = reading.number('num_outputs', reading.node.outputs.length);
  const each = Math.ceil(size / count);
  return Array.from({ length: count }, (_, index) => Math.min(each, size - index * each));
}

/** Sizes after joining along an axis. @throws Refusal if the other axes differ */
export function joined(shapes: readonly Shape[], axis: number): Shape {
  const [first = []] = shapes;
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((s, at) => at !== axis && s !== first[at])) {
      throw new Refusal(`joins [${first.join(',')}] and [${shape.join(',')}] along axis ${axis}`);
    }
  }
  const total = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  return first.map((size, at) => (at === axis ? total : size));
}

/** Sizes after Gather: the axis is replaced by those of the indices. */
export function gathered(dims: Shape, axis: number, indices: Shape): Shape {
  return [...dims.slice(0, axis), ...indices, ...dims.slice(axis + 1)];
}

/** Axes of a reduction; all if none is named. */
export function reducedAxes(reading: Reading, rank: number): readonly number[] {
  const axes = reading.listOr('axes', 1);
  if (axes !== null && axes.length > 0) return axes.map((axis) => axisOf(axis, rank));
  if (reading.number('noop_with_empty_axes', 0) === 1) return [];
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Sizes after a reduction. */
export function reduced(dims: Shape, axes: readonly number[], keeps: boolean): Shape {
  if (keeps) return dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return dims.filter((_, axis) => !axes.includes(axis));
}

/** What a Pad puts before and after each axis. */
export function padsOf(reading: Reading, rank: number): readonly number[] {
  const written = reading.listOr('pads', 1) ?? [];
  const axes = reading.has(3) ? reading.numbers(3).map((axis) => axisOf(axis, rank)) : null;
  if (axes === null) return written;
  const pads = new Array<number>(2 * rank).fill(0);
  axes.forEach((axis, index) => {
    pads[axis] = written[index] ?? 0;
    pads[axis + rank] = written[index + axes.length] ?? 0;
  });
  return pads;
}

/** Sizes after a matrix product, batched or not. @throws Refusal if they do not fit */
export function multiplied(a: Shape, b: Shape): Shape {
  const [left, right] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
  if (left.at(-1) !== right.at(-2)) {
    throw new Refusal(`multiplies matrices [${a.join(',')}] and [${b.join(',')}]`);
  }
  return [
    ...broadcast(left.slice(0, -2), right.slice(0, -2)),
    ...(a.length === 1 ? [] : [left.at(-2) as number]),
    ...(b.length === 1 ? [] : [right.at(-1) as number]),
  ];
}
