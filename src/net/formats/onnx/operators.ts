// The operators that become layers, and the sizes of what they give.
import { elementCount, type Shape } from '../../../tensor/tensor.js';
import { positionsOf } from '../../../tensor/window.js';
import type { Reading } from './reading.js';
import { Refusal } from './refusal.js';
import {
  axisOf,
  broadcast,
  gathered,
  joined,
  multiplied,
  orderOf,
  padsOf,
  parts,
  reduced,
  reducedAxes,
  reshaped,
  sliced,
  slices,
} from './sizes.js';
import { windowOf } from './windows.js';

/** Sizes of the outputs of a node, those that a classifier can read.
 *  @throws Refusal if its inputs do not fit */
export type SizeRule = (reading: Reading) => readonly Shape[];

const same: SizeRule = (reading) => [reading.dims(0)];

const elementwise: SizeRule = (reading) => [
  broadcast(...reading.node.inputs.map((_, index) => reading.dims(index))),
];

const view: SizeRule = (reading) => [reshaped(reading, reading.dims(0))];

const convolution: SizeRule = (reading) => {
  const [batch = 1, channels] = reading.dims(0);
  const [outputs = 0, inputs = 0, ...kernel] = reading.dims(1);
  const groups = reading.number('group', 1);
  if (inputs * groups !== channels) {
    throw new Refusal(
      `has ${channels} input channels, its weights are for ${groups} times ${inputs}`,
    );
  }
  return [[batch, outputs, ...positions(reading, kernel)]];
};

function positions(reading: Reading, kernel: readonly number[]): readonly number[] {
  const dims = reading.dims(0);
  const [height, width] = dims.slice(2) as [number, number];
  return positionsOf(windowOf(reading, dims, kernel), [height, width]);
}

const pool: SizeRule = (reading) => [[...reading.dims(0).slice(0, 2), ...positions(reading, [])]];

const globalPool: SizeRule = (reading) => {
  const dims = reading.dims(0);
  return [dims.map((size, axis) => (axis < 2 ? size : 1))];
};

const gemm: SizeRule = (reading) => {
  const [a, b] = [reading.dims(0), reading.dims(1)];
  const left = reading.number('transA', 0) === 1 ? a.toReversed() : a;
  return [multiplied(left, reading.number('transB', 0) === 1 ? b.toReversed() : b)];
};

const reduction: SizeRule = (reading) => {
  const dims = reading.dims(0);
  const axes = reducedAxes(reading, dims.length);
  return [reduced(dims, axes, reading.number('keepdims', 1) === 1)];
};

const concat: SizeRule = (reading) => {
  const shapes = reading.node.inputs.map((_, index) => reading.dims(index));
  return [joined(shapes, axisOf(reading.number('axis', 1), shapes[0]?.length ?? 1))];
};

const split: SizeRule = (reading) => {
  const dims = reading.dims(0);
  const axis = axisOf(reading.number('axis', 0), dims.length);
  return parts(reading, dims[axis] as number).map((size) =>
    dims.map((each, at) => (at === axis ? size : each)),
  );
};

const expand: SizeRule = (reading) => {
  const dims = reading.dims(0);
  const shape = broadcast(dims, reading.numbers(1));
  // Sizes of 1 may be put before or taken for granted; copies are another matter.
  if (elementCount(shape) !== elementCount(dims)) {
    throw new Refusal(`repeats [${dims.join(',')}] to [${shape.join(',')}]`);
  }
  return [shape];
};

/** Sizes of the outputs of every operator that becomes layers, or nothing. */
export const operators = {
  Identity: same,
  Dropout: same,
  Cast: same,
  CastLike: same,
  Conv: convolution,
  Gemm: gemm,
  MatMul: (reading) => [multiplied(reading.dims(0), reading.dims(1))],
  BatchNormalization: same,
  InstanceNormalization: same,
  GroupNormalization: same,
  LayerNormalization: same,
  LRN: same,
  Relu: same,
  Clip: same,
  Sigmoid: same,
  HardSigmoid: same,
  HardSwish: same,
  Silu: same,
  Tanh: same,
  Gelu: same,
  LeakyRelu: same,
  PRelu: same,
  Elu: same,
  Neg: same,
  Softmax: same,
  LogSoftmax: same,
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Sum: elementwise,
  Max: elementwise,
  MaxPool: pool,
  AveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  ReduceMean: reduction,
  Reshape: view,
  Flatten: view,
  Squeeze: view,
  Unsqueeze: view,
  Expand: expand,
  Transpose: (reading) => {
    const dims = reading.dims(0);
    return [orderOf(reading, dims.length).map((axis) => dims[axis] as number)];
  },
  Concat: concat,
  Split: split,
  Slice: (reading) => [sliced(reading.dims(0), slices(reading, reading.dims(0)))],
  Gather: (reading) => {
    const dims = reading.dims(0);
    const axis = axisOf(reading.number('axis', 0), dims.length);
    return [gathered(dims, axis, reading.dims(1))];
  },
  Pad: (reading) => {
    const dims = reading.dims(0);
    const pads = padsOf(reading, dims.length);
    return [dims.map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + dims.length] ?? 0))];
  },
} as const satisfies Readonly<Record<string, SizeRule>>;

/** Operators that only a pattern of several nodes makes a layer of: their sizes are known, so that
 *  the graph can be followed through them. */
export const partial = {
  Erf: same,
  Sqrt: same,
  Pow: (reading) => [broadcast(reading.dims(0), reading.dims(1))],
} as const satisfies Readonly<Record<string, SizeRule>>;

/** Name of an operator that becomes a layer. */
export type OperatorName = keyof typeof operators;
