// Which element of one row-major tensor stands where in another: what broadcasting, slices, pads
// and transpositions have in common.
import { elementCount, type Shape } from '../../tensor/tensor.js';

/** Steps in elements between neighbours on each axis of a row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Steps through a tensor of `shape` that stands for one of the larger `full`: 0 on axes of size 1,
 *  where it is repeated. */
export function broadcastStrides(shape: Shape, full: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => (shape[axis] === full[axis] ? stride : 0));
}

/** Calls `visit` with each index of `shape` in row-major order, as its position there and at
 *  `offset` + sum of index times `strides`. */
export function eachElement(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  visit: (at: number, there: number) => void,
): void {
  const count = elementCount(shape);
  const index = shape.map(() => 0);
  let there = offset;
  for (let at = 0; at < count; at++) {
    visit(at, there);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      there += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      there -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
}
