// Walking through numbers in row-major order: every operator that moves or broadcasts constants.
import { elementCount, type Shape } from '../../../../tensor/tensor.js';

/** Distance in elements between neighbours along each axis. */
export function stridesOf(dims: Shape): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (dims[axis + 1] as number);
  }
  return strides;
}

/** Strides that read an array of the shape `from` as one of the broadcast shape `to`. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return to.map((_, axis) =>
    (from[axis - lead] ?? 1) === 1 ? 0 : (strides[axis - lead] as number),
  );
}

/** Calls `visit` for every element of `dims` in row-major order with its place in an array of the
 *  given strides. */
export function walk(
  dims: Shape,
  strides: readonly number[],
  start: number,
  visit: (place: number, index: number) => void,
): void {
  const count = elementCount(dims);
  const at = new Array<number>(dims.length).fill(0);
  let place = start;
  for (let index = 0; index < count; index++) {
    visit(place, index);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      at[axis] = (at[axis] as number) + 1;
      place += stride;
      if ((at[axis] as number) < (dims[axis] as number)) break;
      place -= stride * (dims[axis] as number);
      at[axis] = 0;
    }
  }
}

/** The elements that a walk meets. */
export function taken(
  data: Float64Array,
  dims: Shape,
  strides: readonly number[],
  start = 0,
): Float64Array {
  const result = new Float64Array(elementCount(dims));
  walk(dims, strides, start, (place, index) => {
    result[index] = data[place] as number;
  });
  return result;
}

/** Rows become columns: axis i of the result is axis `order[i]` of `data`. */
export function transposedNumbers(
  data: Float64Array,
  dims: Shape,
  order: readonly number[],
): Float64Array {
  const strides = stridesOf(dims);
  return taken(
    data,
    order.map((axis) => dims[axis] as number),
    order.map((axis) => strides[axis] as number),
  );
}
