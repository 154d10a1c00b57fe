// Constants made of sizes, and sums of constants.
import { elementCount, type Shape } from '../../../../tensor/tensor.js';
import { computed, type Constant, integers } from '../constant.js';
import { axisOf, multiplied, reduced, reducedAxes } from '../sizes.js';
import type { Kernel } from './kernel.js';
import { broadcastStrides, stridesOf, taken, walk } from './strided.js';

/** A reduction: f of what there is so far and the next element. */
function reduction(first: number, f: (sum: number, x: number) => number, mean = false): Kernel {
  return (reading, [x]) => {
    const { kind, dims, numbers } = x as Constant;
    const axes = reducedAxes(reading, dims.length);
    const shape = reduced(dims, axes, reading.number('keepdims', 1) === 1);
    return [
      computed(kind, shape, () => {
        const result = new Float64Array(elementCount(shape)).fill(first);
        const kept = stridesOf(reduced(dims, axes, true));
        const strides = kept.map((stride, axis) => (axes.includes(axis) ? 0 : stride));
        const data = numbers();
        walk(dims, strides, 0, (place, index) => {
          result[place] = f(result[place] as number, data[index] as number);
        });
        const count = data.length / result.length;
        return mean ? result.map((sum) => sum / count) : result;
      }),
    ];
  };
}

const constantOfShape: Kernel = (reading) => {
  const dims = reading.numbers(0);
  const value = reading.tensor('value');
  return [
    computed(value?.kind ?? 'f32', dims, () =>
      new Float64Array(elementCount(dims)).fill(value?.numbers()[0] ?? 0),
    ),
  ];
};

const range: Kernel = (reading, [from]) => {
  const [start = 0, end = 0, step = 1] = [0, 1, 2].map((index) => reading.numbers(index)[0]);
  const count = Math.max(0, Math.ceil((end - start) / step));
  return [
    computed((from as Constant).kind, [count], () =>
      Float64Array.from({ length: count }, (_, index) => start + index * step),
    ),
  ];
};

const cumulativeSum: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const axis = axisOf(reading.numbers(1)[0] ?? 0, dims.length);
  const stride = stridesOf(dims)[axis] as number;
  const size = dims[axis] as number;
  return [
    computed(kind, dims, () => {
      const sums = numbers().slice();
      sums.forEach((value, index) => {
        if (Math.floor(index / stride) % size > 0)
          sums[index] = value + (sums[index - stride] ?? 0);
      });
      return sums;
    }),
  ];
};

const nonZero: Kernel = (_, [x]) => {
  const { dims, numbers } = x as Constant;
  const strides = stridesOf(dims);
  const places = [...numbers()].flatMap((value, index) => (value === 0 ? [] : [index]));
  const rows = dims.map((size, axis) =>
    places.map((place) => Math.floor(place / (strides[axis] as number)) % size),
  );
  return [integers(rows.flat(), [dims.length, places.length])];
};

const triangle: Kernel = (reading, [x]) => {
  const { kind, dims, numbers } = x as Constant;
  const isUpper = reading.number('upper', 1) === 1;
  const diagonal = reading.has(1) ? (reading.numbers(1)[0] ?? 0) : 0;
  const [rows = 1, columns = 1] = dims.slice(-2);
  const keeps = (index: number): boolean => {
    const distance = (index % columns) - (Math.floor(index / columns) % rows);
    return isUpper ? distance >= diagonal : distance <= diagonal;
  };
  return [computed(kind, dims, () => numbers().map((v, index) => (keeps(index) ? v : 0)))];
};

const matMul: Kernel = (_, inputs) => {
  const [a, b] = inputs as readonly [Constant, Constant];
  const dims = multiplied(a.dims, b.dims);
  const left: Shape = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
  const right: Shape = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
  const [m, k, n] = [left.at(-2), left.at(-1), right.at(-1)] as [number, number, number];
  const batch = multiplied(left, right).slice(0, -2);
  return [
    computed(a.kind, dims, () => {
      const wide = (x: Constant, of: Shape, rest: Shape): Float64Array =>
        taken(x.numbers(), [...batch, ...rest], broadcastStrides(of, [...batch, ...rest]));
      const [x, y] = [wide(a, left, [m, k]), wide(b, right, [k, n])];
      const result = new Float64Array(elementCount(batch) * m * n);
      result.forEach((_each, index) => {
        const [block, row, column] = [
          Math.floor(index / (m * n)),
          Math.floor(index / n) % m,
          index % n,
        ];
        let sum = 0;
        for (let at = 0; at < k; at++) {
          sum +=
            (x[(block * m + row) * k + at] as number) *
            (y[(block * k + at) * n + column] as number);
        }
        result[index] = sum;
      });
      return result;
    }),
  ];
};

/** Operators that make constants, and sums. */
export const making = {
  ConstantOfShape: constantOfShape,
  Range: range,
  CumSum: cumulativeSum,
  NonZero: nonZero,
  Trilu: triangle,
  MatMul: matMul,
  ReduceSum: reduction(0, (sum, x) => sum + x),
  ReduceMean: reduction(0, (sum, x) => sum + x, true),
  ReduceProd: reduction(1, (product, x) => product * x),
  ReduceMax: reduction(-Infinity, Math.max),
  ReduceMin: reduction(Infinity, Math.min),
} as const satisfies Readonly<Record<string, Kernel>>;
