// Constants whose numbers are moved, chosen or repeated.
import { elementCount, type Shape } from '../../../../tensor/tensor.js';
import { computed, type Constant } from '../constant.js';
import type { Reading } from '../reading.js';
import { Refusal } from '../refusal.js';
import { axisOf, broadcast, gathered, joined, orderOf, padsOf, parts, reshaped } from '../sizes.js';
import { sliced, slices } from '../sizes.js';
import type { Kernel } from './kernel.js';
import { broadcastStrides, stridesOf, taken, transposedNumbers, walk } from './strided.js';

/** The same numbers in another shape. It stays what the file stores if they are not moved. */
function viewed(x: Constant, dims: Shape): Constant {
  return computed(x.kind, dims, x.numbers, x.stored);
}

const reshape: Kernel = (reading, [x]) => {
  const constant = x as Constant;
  return [viewed(constant, reshaped(reading, constant.dims))];
};

const transpose: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const order = orderOf(reading, dims.length);
  const moved = order.map((axis) => dims[axis] as number);
  return [computed(kind, moved, () => transposedNumbers(numbers(), dims, order))];
};

const slice: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const ranges = slices(reading, dims);
  const shape = sliced(dims, ranges);
  const strides = stridesOf(dims);
  const start = ranges.reduce((sum, each) => sum + each.start * (strides[each.axis] as number), 0);
  const steps = strides.map(
    (stride, axis) => stride * (ranges.find((range) => range.axis === axis)?.step ?? 1),
  );
  return [computed(kind, shape, () => taken(numbers(), shape, steps, start))];
};

const concat: Kernel = (reading, inputs) => {
  const given = inputs as readonly Constant[];
  const [first] = given;
  const axis = axisOf(reading.number('axis', 1), first?.dims.length ?? 1);
  const dims = joined(
    given.map((each) => each.dims),
    axis,
  );
  return [computed(first?.kind ?? 'f32', dims, () => joinedNumbers(given, dims, axis))];
};

function joinedNumbers(given: readonly Constant[], dims: Shape, axis: number): Float64Array {
  const result = new Float64Array(elementCount(dims));
  const row = elementCount(dims.slice(axis));
  const rows = elementCount(dims.slice(0, axis));
  let at = 0;
  for (const constant of given) {
    const data = constant.numbers();
    const length = elementCount(constant.dims.slice(axis));
    for (let index = 0; index < rows; index++) {
      result.set(data.subarray(index * length, (index + 1) * length), index * row + at);
    }
    at += length;
  }
  return result;
}

const split: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const axis = axisOf(reading.number('axis', 0), dims.length);
  const strides = stridesOf(dims);
  let from = 0;
  return parts(reading, dims[axis] as number).map((size) => {
    const start = from * (strides[axis] as number);
    from += size;
    const shape = dims.map((each, at) => (at === axis ? size : each));
    return computed(kind, shape, () => taken(numbers(), shape, strides, start));
  });
};

const gather: Kernel = (reading, inputs) => {
  const [x, indices] = inputs as readonly [Constant, Constant];
  const axis = axisOf(reading.number('axis', 0), x.dims.length);
  const size = x.dims[axis] as number;
  const shape = gathered(x.dims, axis, indices.dims);
  const inner = elementCount(x.dims.slice(axis + 1));
  const outer = elementCount(x.dims.slice(0, axis));
  return [
    computed(x.kind, shape, () => {
      const [data, places] = [x.numbers(), indices.numbers()];
      const result = new Float64Array(elementCount(shape));
      let at = 0;
      for (let row = 0; row < outer; row++) {
        for (const place of places) {
          const from = (row * size + axisOf(place, size)) * inner;
          result.set(data.subarray(from, from + inner), at);
          at += inner;
        }
      }
      return result;
    }),
  ];
};

/** Places in `data` that the last axis of `indices` names, in elements. */
function namedPlaces(data: Constant, indices: Constant): readonly number[] {
  const width = indices.dims.at(-1) ?? 0;
  const strides = stridesOf(data.dims);
  const numbers = indices.numbers();
  return Array.from({ length: numbers.length / width }, (_, row) =>
    Array.from({ length: width }).reduce<number>((sum, _each, axis) => {
      const at = axisOf(numbers[row * width + axis] as number, data.dims[axis] as number);
      return sum + at * (strides[axis] as number);
    }, 0),
  );
}

const gatherNd: Kernel = (reading, inputs) => {
  const [x, indices] = inputs as readonly [Constant, Constant];
  if (reading.number('batch_dims', 0) !== 0) throw new Refusal('has batch_dims');
  const width = indices.dims.at(-1) ?? 0;
  const shape = [...indices.dims.slice(0, -1), ...x.dims.slice(width)];
  const inner = elementCount(x.dims.slice(width));
  return [
    computed(x.kind, shape, () => {
      const data = x.numbers();
      const result = new Float64Array(elementCount(shape));
      namedPlaces(x, indices).forEach((from, row) => {
        result.set(data.subarray(from, from + inner), row * inner);
      });
      return result;
    }),
  ];
};

const scatterNd: Kernel = (reading, inputs) => {
  const [x, indices, updates] = inputs as readonly [Constant, Constant, Constant];
  if (reading.text('reduction', 'none') !== 'none') throw new Refusal('has a reduction');
  const inner = elementCount(x.dims.slice(indices.dims.at(-1) ?? 0));
  return [
    computed(x.kind, x.dims, () => {
      const result = x.numbers().slice();
      const data = updates.numbers();
      namedPlaces(x, indices).forEach((to, row) => {
        result.set(data.subarray(row * inner, (row + 1) * inner), to);
      });
      return result;
    }),
  ];
};

const expand: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const shape = broadcast(dims, reading.numbers(1));
  return [computed(kind, shape, () => taken(numbers(), shape, broadcastStrides(dims, shape)))];
};

const tile: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const repeats = reading.numbers(1);
  const shape = dims.map((size, axis) => size * (repeats[axis] ?? 1));
  const strides = stridesOf(dims);
  // Each axis as two: its repeats, which do not move, and itself.
  const split = dims.flatMap((size, axis) => [repeats[axis] ?? 1, size]);
  return [
    computed(kind, shape, () =>
      taken(
        numbers(),
        split,
        strides.flatMap((each) => [0, each]),
      ),
    ),
  ];
};

const pad: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const pads = padsOf(reading, dims.length);
  if (reading.text('mode', 'constant') !== 'constant' || pads.some((each) => each < 0)) {
    throw new Refusal('pads constants otherwise than with one number');
  }
  const value = reading.numberOr('value', 2, 0);
  const shape = dims.map(
    (size, axis) => size + padAt(pads, axis) + padAt(pads, axis + dims.length),
  );
  const strides = stridesOf(shape);
  const start = strides.reduce((sum, stride, axis) => sum + stride * padAt(pads, axis), 0);
  return [
    computed(kind, shape, () => {
      const result = new Float64Array(elementCount(shape)).fill(value);
      const data = numbers();
      walk(dims, strides, start, (place, index) => {
        result[place] = data[index] as number;
      });
      return result;
    }),
  ];
};

function padAt(pads: readonly number[], index: number): number {
  return pads[index] ?? 0;
}

const identity: Kernel = (_: Reading, [x]) => [x as Constant];

/** Operators that move numbers. */
export const moving = {
  Identity: identity,
  Dropout: identity,
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Slice: slice,
  Concat: concat,
  Split: split,
  Gather: gather,
  GatherND: gatherNd,
  ScatterND: scatterNd,
  Expand: expand,
  Tile: tile,
  Pad: pad,
} as const satisfies Readonly<Record<string, Kernel>>;
