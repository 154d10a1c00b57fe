// Kernels against values worked out by hand, at the places where definitions are usually misread.
import { expect, test } from 'vitest';
import { fillUint32, streamKey } from '../../base/random-stream.js';
import { DataError } from '../../base/errors.js';
import type { OpName, OpParams } from '../../program/ops/params.js';
import type { HostTensor, TensorType } from '../../tensor/tensor.js';
import { opRules } from '../../program/ops/table.js';
import { type Kernel, zeros } from './kernel.js';
import { referenceKernels } from './table.js';
import { elements, numbered, valued, whole } from './tensors.cases.js';
import type { OpRule } from '../../program/ops/rule.js';
import { squareWindow } from '../../tensor/window.js';

function run<K extends OpName>(
  op: K,
  params: OpParams<K>,
  inputs: readonly HostTensor[],
  scalars = { learningRate: 0.5, iteration: 0 },
): readonly HostTensor[] {
  const rule: OpRule<K> = opRules[op];
  const kernel: Kernel<K> = referenceKernels[op];
  const outputs = rule.shape(params, inputs as readonly TensorType[]).map(zeros);
  kernel({ params, inputs, outputs, scalars });
  return outputs;
}

const values = (outputs: readonly HostTensor[]): number[][] => outputs.map(elements);

test('inner_product flattens rows; its backward ops are the transposed products', () => {
  const x = numbered([3, 2, 1, 3], 4);
  const w = numbered([5, 6], 2);
  const dy = numbered([3, 5], 9);
  const b = numbered([5], 1);
  const [xs, ws, ds, bs] = [x, w, dy, b].map(elements) as [number[], number[], number[], number[]];
  const sum = (count: number, term: (t: number) => number): number =>
    Array.from({ length: count }, (_, t) => term(t)).reduce((p, q) => p + q, 0);
  const grid = (rows: number, columns: number, value: (i: number, j: number) => number): number[] =>
    Array.from({ length: rows * columns }, (_, at) =>
      value(Math.floor(at / columns), at % columns),
    );
  expect(values(run('inner_product', {}, [x, w, b]))[0]).toEqual(
    grid(3, 5, (n, o) => bs[o]! + sum(6, (k) => xs[n * 6 + k]! * ws[o * 6 + k]!)),
  );
  expect(values(run('inner_product_backward_data', { xShape: x.shape }, [dy, w]))[0]).toEqual(
    grid(3, 6, (n, k) => sum(5, (o) => ds[n * 5 + o]! * ws[o * 6 + k]!)),
  );
  expect(values(run('inner_product_backward_weights', { wShape: w.shape }, [x, dy]))).toEqual([
    grid(5, 6, (o, k) => sum(3, (n) => ds[n * 5 + o]! * xs[n * 6 + k]!)),
    grid(1, 5, (_, o) => sum(3, (n) => ds[n * 5 + o]!)),
  ]);
});

test('relu keeps NaN; its gradient is 0 at 0', () => {
  const [y] = values(run('relu', {}, [valued([4], [-2, 0, 3, NaN])]));
  expect(y).toEqual([0, 0, 3, NaN]);
  const dy = valued([4], [5, 6, 7, 8]);
  expect(values(run('relu_backward', {}, [dy, valued([4], [0, 0, 3, 1])]))).toEqual([[0, 0, 7, 8]]);
});

test('max_pool cuts the last window, gives ties to the first cell, and adds gradients that meet', () => {
  // prettier-ignore
  const x = valued([1, 1, 4, 4], [
    1, 1, 2, 0,
    1, 1, 9, 9,
    3, 0, 9, 0,
    0, 0, 0, 0,
  ]);
  const window = squareWindow(3, 'ceil', { stride: 2 });
  const [y, winners] = run('max_pool', window, [x]) as [HostTensor, HostTensor];
  expect(values([y, winners])).toEqual([
    [9, 9, 9, 9],
    [6, 6, 10, 10],
  ]);
  const dy = valued([1, 1, 2, 2], [1, 10, 100, 1000]);
  const [dx] = values(run('max_pool_backward', { ...window, xShape: x.shape }, [dy, winners]));
  expect(dx).toEqual([0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 1100, 0, 0, 0, 0, 0]);
});

test('max_pool never takes the padding, whatever the sign', () => {
  const x = valued([1, 1, 2, 2], [-4, -3, -2, -1]);
  const [y] = values(run('max_pool', squareWindow(2, 'ceil', { stride: 2, pad: 1 }), [x]));
  expect(y).toEqual([-4, -3, -2, -1]);
});

test('lrn divides alpha by size and centres the window', () => {
  const x = valued([1, 4, 1, 1], [1, 2, 3, 4]);
  const [y, s] = values(run('lrn', { size: 3, alpha: 3, beta: 0.5, k: 2 }, [x]));
  expect(s).toEqual([2 + 5, 2 + 14, 2 + 29, 2 + 25]);
  expect(y).toEqual([1, 2, 3, 4].map((value, at) => value * Math.pow(s![at] as number, -0.5)));
});

test('dropout_mask: word i of page `iteration` against ratio * 2^32', () => {
  const key = streamKey(['mask']);
  for (const iteration of [0, 3, 2 ** 33]) {
    const words = new Uint32Array(10);
    fillUint32(words, key, iteration);
    const scalars = { learningRate: 0, iteration };
    const [mask] = values(run('dropout_mask', { shape: [2, 5], ratio: 0.25, key }, [], scalars));
    expect(mask).toEqual(Array.from(words, (word) => (word < 2 ** 30 ? 0 : 4 / 3)));
  }
});

test('softmax_cross_entropy: rows with a negative label count in N only; large logits do not overflow', () => {
  const logits = valued([3, 2], [Math.log(3), 0, 5, 5, 2000, 1000]);
  const [loss, p] = run('softmax_cross_entropy', {}, [logits, whole([0, -1, 1])]) as [
    HostTensor,
    HostTensor,
  ];
  expect(elements(loss)[0]).toBeCloseTo((Math.log(4 / 3) + 1000) / 3, 9);
  const expected = [0.75, 0.25, 0.5, 0.5, 1, 0];
  elements(p).forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 12));
  const inputs = [valued([2, 2], [0.75, 0.25, 0.5, 0.5]), whole([0, -1])];
  const [dlogits] = values(run('softmax_cross_entropy_backward', {}, inputs));
  expect(dlogits).toEqual([-0.125, 0.125, 0, 0]);
});

test('softmax_cross_entropy refuses a label that is not a class', () => {
  const inputs = [valued([1, 2], [0, 0]), whole([2])];
  expect(() => run('softmax_cross_entropy', {}, inputs)).toThrow(DataError);
});

test('top1_correct: the first of equals, never NaN, never a negative label', () => {
  const logits = valued([5, 2], [1, 1, 1, 1, NaN, 1, NaN, NaN, 2, 1]);
  const inputs = [logits, whole([0, 1, 1, 0, -1])];
  expect(values(run('top1_correct', {}, inputs))).toEqual([[2]]);
  expect(values(run('top1_correct', { rows: true }, inputs))).toEqual([[1, 0, 1, 0, 0]]);
});

test('normalise reads the mean through the window and the mirror', () => {
  const crops: HostTensor = {
    dtype: 'u8',
    shape: [2, 1, 1, 2],
    data: Uint8Array.of(10, 20, 30, 40),
  };
  const windows: HostTensor = {
    dtype: 'i32',
    shape: [2, 3],
    data: Int32Array.of(1, 1, 0, 0, 0, 1),
  };
  const mean = valued([1, 2, 3], [1, 2, 3, 4, 5, 6]);
  const [x] = values(run('normalise', { scale: [2] }, [crops, windows, mean]));
  expect(x).toEqual([2 * (10 - 5), 2 * (20 - 6), 2 * (30 - 2), 2 * (40 - 1)]);
  const outside = { ...windows, data: Int32Array.of(2, 0, 0, 0, 0, 0) };
  expect(() => run('normalise', { scale: [2] }, [crops, outside, mean])).toThrow(DataError);
});

test('add and multiply', () => {
  const [a, b] = [valued([2], [2, 3]), valued([2], [5, -7])];
  expect(values(run('add', {}, [a, b]))).toEqual([[7, -4]]);
  expect(values(run('multiply', {}, [a, b]))).toEqual([[10, -21]]);
});
