// Small graphs, one for each operator and each pattern, with the kinds of layers that they become
// (without the classifier at their end).
import type { NodeProto, TensorProto } from 'onnx-buf';
import { type Made, node, tensor } from '../made-onnx.js';

/** A graph and what it becomes. */
export interface MadeGraph extends Made {
  readonly kinds: readonly string[];
}

/** Numbers between -1 and 1, the same for the same seed. */
export function random(count: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

let seed = 100;
const weights = (name: string, ...dims: number[]): TensorProto => {
  const count = dims.reduce((product, size) => product * size, 1);
  return tensor(name, dims, random(count, seed++));
};
const positive = (name: string, ...dims: number[]): TensorProto => {
  const count = dims.reduce((product, size) => product * size, 1);
  return tensor(
    name,
    dims,
    random(count, seed++).map((value) => 1.5 + value),
  );
};
const number = (name: string, value: number): TensorProto => tensor(name, [], [value]);
const ints = (name: string, ...values: number[]): TensorProto =>
  tensor(name, [values.length], values, 'int');

/** A graph over x [1,3,8,8] that ends with `last` of so many elements, and a classifier. */
function graph(
  kinds: readonly string[],
  last: string,
  elements: number,
  nodes: readonly NodeProto[],
  ...initializers: TensorProto[]
): MadeGraph {
  return {
    kinds,
    nodes: [
      ...nodes,
      node('Reshape', [last, 'one row'], 'flat'),
      node('Gemm', ['flat', 'fc.weight', 'fc.bias'], 'y', { transB: 1 }),
    ],
    initializers: [
      ...initializers,
      ints('one row', 1, -1),
      weights('fc.weight', 3, elements),
      weights('fc.bias', 3),
    ],
  };
}

const conv = node('Conv', ['x', 'c.weight', 'c.bias'], 'c', { pads: [1, 1, 1, 1] });
const convWeights = [weights('c.weight', 4, 3, 3, 3), weights('c.bias', 4)];
/** One function of x. */
const f = (made: NodeProto, kind: string, ...initializers: TensorProto[]): MadeGraph =>
  graph([kind], 'v', 192, [made], ...initializers);

const float = (value: number): { readonly float: number } => ({ float: value });
const opset = (version: number, made: MadeGraph): MadeGraph => ({ ...made, opset: version });

/** A value as rows: [1,3,8,8] to [1,64,3]. */
const toRows = [
  node('Reshape', ['x', 'rows'], 'r1'),
  node('Transpose', ['r1'], 'r', { perm: [0, 2, 1] }),
];
const rows = ints('rows', 1, 3, 64);
const asRows = ['reshape', 'transpose'];

/** Convolutions and inner products. */
const weighted: Readonly<Record<string, MadeGraph>> = {
  'convolution, no bias, asymmetric pads, stride 2': graph(
    ['convolution'],
    'c',
    64,
    [node('Conv', ['x', 'c.weight'], 'c', { pads: [0, 0, 1, 1], strides: [2, 2] })],
    weights('c.weight', 4, 3, 3, 3),
  ),
  'convolution, 1x3, SAME_UPPER': graph(
    ['convolution'],
    'c',
    128,
    [
      node('Conv', ['x', 'c.weight'], 'c', {
        auto_pad: 'SAME_UPPER',
        strides: [1, 2],
      }),
    ],
    weights('c.weight', 4, 3, 1, 3),
  ),
  'convolution, SAME_LOWER': graph(
    ['convolution'],
    'c',
    64,
    [node('Conv', ['x', 'c.weight'], 'c', { auto_pad: 'SAME_LOWER', strides: [2, 2] })],
    weights('c.weight', 4, 3, 3, 3),
  ),
  'depthwise convolution': graph(
    ['convolution'],
    'c',
    192,
    [node('Conv', ['x', 'c.weight'], 'c', { pads: [2, 2, 2, 2], group: 3 })],
    weights('c.weight', 3, 1, 5, 5),
  ),
  'a Pad before a convolution is its padding': graph(
    ['convolution'],
    'c',
    256,
    [node('Pad', ['x', 'pads'], 'p'), node('Conv', ['p', 'c.weight', 'c.bias'], 'c')],
    ...[ints('pads', 0, 0, 1, 1, 0, 0, 1, 1), ...convWeights],
  ),
  'a sum of a convolution and one number a channel is its bias': graph(
    ['convolution'],
    's',
    256,
    [node('Conv', ['x', 'c.weight'], 'c', { pads: [1, 1, 1, 1] }), node('Add', ['c', 'b'], 's')],
    ...[convWeights[0]!, weights('b', 4, 1, 1)],
  ),
  'MatMul and Add over rows': graph(
    [...asRows, 'inner-product'],
    's',
    320,
    [...toRows, node('MatMul', ['r', 'w'], 'm'), node('Add', ['m', 'b'], 's')],
    ...[rows, weights('w', 3, 5), weights('b', 5)],
  ),
  'weights times the image': graph(
    ['reshape', 'transpose', 'inner-product', 'transpose'],
    'm',
    128,
    // 2 x 3 weights times rows of 64: columns become rows and back.
    [node('Reshape', ['x', 'rows'], 'r1'), node('MatMul', ['w', 'r1'], 'm')],
    ...[rows, weights('w', 2, 3)],
  ),
  'Gemm, weights the other way, factors': {
    kinds: ['relu'],
    nodes: [
      node('Relu', ['x'], 'v'),
      node('Flatten', ['v'], 'flat'),
      node('Gemm', ['flat', 'w', 'b'], 'y', { alpha: float(0.5), beta: float(2) }),
    ],
    initializers: [weights('w', 192, 3), weights('b', 1, 3)],
  },
};

/** Functions of each number, as operators and spelled out. */
const functions: Readonly<Record<string, MadeGraph>> = {
  Relu: f(node('Relu', ['x'], 'v'), 'relu'),
  'Clip, numbers as inputs': f(
    node('Clip', ['x', 'lo', 'hi'], 'v'),
    'clip',
    number('lo', -0.2),
    number('hi', 0.5),
  ),
  'Clip, numbers as attributes': opset(
    8,
    f(node('Clip', ['x'], 'v', { min: float(0), max: float(0.5) }), 'clip'),
  ),
  'Clip from 0 on': f(node('Clip', ['x', 'lo'], 'v'), 'relu', number('lo', 0)),
  Sigmoid: f(node('Sigmoid', ['x'], 'v'), 'sigmoid'),
  Tanh: f(node('Tanh', ['x'], 'v'), 'tanh'),
  HardSigmoid: f(
    node('HardSigmoid', ['x'], 'v', { alpha: float(0.3), beta: float(0.4) }),
    'hard-sigmoid',
  ),
  HardSwish: f(node('HardSwish', ['x'], 'v'), 'hard-swish'),
  Gelu: f(node('Gelu', ['x'], 'v'), 'gelu'),
  'Gelu, tanh': f(node('Gelu', ['x'], 'v', { approximate: 'tanh' }), 'gelu-tanh'),
  LeakyRelu: f(node('LeakyRelu', ['x'], 'v', { alpha: float(0.3) }), 'leaky-relu'),
  Elu: f(node('Elu', ['x'], 'v', { alpha: float(0.7) }), 'elu'),
  PRelu: f(node('PRelu', ['x', 's'], 'v'), 'prelu', weights('s', 3, 1, 1)),
  'PRelu, one slope': f(node('PRelu', ['x', 's'], 'v'), 'prelu', number('s', 0.2)),
  Neg: f(node('Neg', ['x'], 'v'), 'linear'),
  'a number minus the image': graph(
    ['linear', 'linear'],
    'v',
    192,
    [node('Sub', ['n', 'x'], 'v')],
    number('n', 2),
  ),
  'SiLU spelled out': graph(['silu'], 'v', 192, [
    node('Sigmoid', ['x'], 's'),
    node('Mul', ['x', 's'], 'v'),
  ]),
  'HardSwish of HardSigmoid': graph(['hard-swish'], 'v', 192, [
    node('HardSigmoid', ['x'], 's', { alpha: float(1 / 6), beta: float(0.5) }),
    node('Mul', ['s', 'x'], 'v'),
  ]),
  'HardSwish as Paddle spells it': graph(
    ['hard-swish'],
    'v',
    192,
    [
      node('Add', ['x', 'three'], 'a'),
      node('Clip', ['a', 'zero', 'six'], 'b'),
      node('Mul', ['x', 'b'], 'd'),
      node('Div', ['d', 'six'], 'v'),
    ],
    ...[number('three', 3), number('zero', 0), number('six', 6)],
  ),
  'HardSigmoid spelled out, and its product with another value is none of these': graph(
    ['hard-sigmoid', 'convolution', 'multiply'],
    'v',
    192,
    [
      node('Add', ['x', 'three'], 'a'),
      node('Clip', ['a', 'zero', 'six'], 'b'),
      node('Div', ['b', 'six'], 'd'),
      node('Conv', ['x', 'w'], 'c'),
      node('Mul', ['d', 'c'], 'v'),
    ],
    ...[number('three', 3), number('zero', 0), number('six', 6), weights('w', 3, 3, 1, 1)],
  ),
  'GELU spelled out': graph(
    ['gelu'],
    'v',
    192,
    [
      node('Div', ['x', 'root'], 'a'),
      node('Erf', ['a'], 'b'),
      node('Add', ['b', 'one'], 'c'),
      node('Mul', ['x', 'c'], 'd'),
      node('Mul', ['d', 'half'], 'v'),
    ],
    ...[number('root', Math.SQRT2), number('one', 1), number('half', 0.5)],
  ),
  Dropout: opset(12, f(node('Dropout', ['x', 'ratio'], 'v'), 'dropout', number('ratio', 0.3))),
  LRN: f(node('LRN', ['x'], 'v', { size: 3, alpha: float(0.5), bias: float(2) }), 'lrn'),
};

/** Sums and products. */
const elementwise: Readonly<Record<string, MadeGraph>> = {
  'a branch and its sum': graph(
    ['convolution', 'relu', 'convolution', 'add'],
    'v',
    256,
    [conv, node('Relu', ['c'], 'r'), node('Conv', ['r', 'w'], 'd'), node('Add', ['d', 'c'], 'v')],
    ...[...convWeights, weights('w', 4, 4, 1, 1)],
  ),
  'a difference': graph(
    ['convolution', 'tanh', 'add'],
    'v',
    256,
    [conv, node('Tanh', ['c'], 't'), node('Sub', ['c', 't'], 'v')],
    ...convWeights,
  ),
  'sums of three': graph(
    ['convolution', 'tanh', 'relu', 'add'],
    'v',
    256,
    [conv, node('Tanh', ['c'], 't'), node('Relu', ['c'], 'r'), node('Sum', ['c', 't', 'r'], 'v')],
    ...convWeights,
  ),
  'the larger of two': graph(
    ['convolution', 'tanh', 'add', 'relu', 'add'],
    'v',
    256,
    [conv, node('Tanh', ['c'], 't'), node('Max', ['c', 't'], 'v')],
    ...convWeights,
  ),
  'a gate for each channel': graph(
    ['convolution', 'max-pool', 'sigmoid', 'multiply'],
    'v',
    256,
    [
      conv,
      node('GlobalMaxPool', ['c'], 'g'),
      node('Sigmoid', ['g'], 's'),
      node('Mul', ['s', 'c'], 'v'),
    ],
    ...convWeights,
  ),
  'batch norm spelled out as Keras does: one affine layer': graph(
    ['convolution', 'affine', 'relu'],
    'v',
    256,
    [
      conv,
      node('Sub', ['c', 'mean'], 'a'),
      node('Mul', ['a', 'factor'], 'b'),
      node('Add', ['b', 'beta'], 'd'),
      node('Relu', ['d'], 'v'),
    ],
    ...[
      ...convWeights,
      weights('mean', 4, 1, 1),
      positive('factor', 4, 1, 1),
      weights('beta', 1, 4, 1, 1),
    ],
  ),
  'a quotient by constants': graph(
    ['affine'],
    'v',
    192,
    [node('Div', ['x', 'd'], 'v')],
    positive('d', 3, 1, 1),
  ),
  'embeddings of positions': graph(
    [...asRows, 'affine'],
    'v',
    192,
    [...toRows, node('Add', ['r', 'pos'], 'v')],
    ...[rows, weights('pos', 1, 64, 3)],
  ),
  'a constant for each row of an image': graph(
    ['reshape', 'affine'],
    'v',
    192,
    // [1,3,8,8] as 4 rows of [3,4,4]; each row has numbers of its own.
    [node('Reshape', ['x', 'four'], 'r'), node('Add', ['r', 'b'], 'v')],
    ...[ints('four', 4, 3, 4, 4), weights('b', 4, 1, 4, 4)],
  ),
};

/** Normalisation. */
const norms: Readonly<Record<string, MadeGraph>> = {
  'batch norm that was kept': graph(
    ['convolution', 'batch-norm', 'relu'],
    'v',
    256,
    [
      conv,
      node('BatchNormalization', ['c', 'n.weight', 'n.bias', 'n.mean', 'n.var'], 'n', {
        epsilon: float(1e-3),
      }),
      node('Relu', ['n'], 'v'),
    ],
    ...[
      ...convWeights,
      weights('n.weight', 4),
      weights('n.bias', 4),
      weights('n.mean', 4),
      positive('n.var', 4),
    ],
  ),
  'layer norm over rows': graph(
    [...asRows, 'layer-norm'],
    'v',
    192,
    [
      ...toRows,
      node('LayerNormalization', ['r', 'n.weight', 'n.bias'], 'v', { epsilon: float(1e-2) }),
    ],
    ...[rows, weights('n.weight', 3), weights('n.bias', 3)],
  ),
  'layer norm over two axes': graph(
    ['layer-norm'],
    'v',
    192,
    [node('LayerNormalization', ['x', 'n.weight'], 'v', { axis: -2 })],
    weights('n.weight', 8, 8),
  ),
  'layer norm spelled out': graph(
    [...asRows, 'layer-norm', 'affine'],
    'v',
    192,
    [
      ...toRows,
      node('ReduceMean', ['r', 'last'], 'm'),
      node('Sub', ['r', 'm'], 'd'),
      node('Pow', ['d', 'two'], 'q'),
      node('ReduceMean', ['q', 'last'], 's'),
      node('Add', ['s', 'eps'], 't'),
      node('Sqrt', ['t'], 'u'),
      node('Div', ['d', 'u'], 'n'),
      node('Mul', ['n', 'w'], 'o'),
      node('Add', ['o', 'b'], 'v'),
    ],
    ...[
      rows,
      ints('last', -1),
      number('two', 2),
      number('eps', 0.01),
      weights('w', 3),
      weights('b', 3),
    ],
  ),
  'instance norm': graph(
    ['group-norm'],
    'v',
    192,
    [node('InstanceNormalization', ['x', 'n.weight', 'n.bias'], 'v')],
    ...[weights('n.weight', 3), weights('n.bias', 3)],
  ),
  softmax: graph([...asRows, 'softmax'], 'v', 192, [...toRows, node('Softmax', ['r'], 'v')], rows),
  'softmax over another axis': graph(
    ['reshape', 'transpose', 'softmax', 'transpose'],
    'v',
    192,
    [node('Reshape', ['x', 'rows'], 'r1'), node('Softmax', ['r1'], 'v', { axis: 1 })],
    rows,
  ),
  'softmax of old files counts the axes above as one': opset(
    11,
    graph(['reshape', 'softmax'], 'v', 192, [node('Softmax', ['x'], 'v')]),
  ),
  'softmax at the end': {
    kinds: ['tanh'],
    nodes: [
      node('Tanh', ['x'], 'v'),
      node('Flatten', ['v'], 'flat'),
      node('Gemm', ['flat', 'w'], 'l', { transB: 1 }),
      node('Softmax', ['l'], 'y'),
    ],
    initializers: [weights('w', 3, 192)],
  },
};

/** Pooling and means. */
const pooling: Readonly<Record<string, MadeGraph>> = {
  'global average pooling and its flattening': graph(
    ['convolution', 'mean'],
    'v',
    4,
    [conv, node('GlobalAveragePool', ['c'], 'g'), node('Squeeze', ['g', 'last two'], 'v')],
    ...[...convWeights, ints('last two', 2, 3)],
  ),
  'ReduceMean over rows': graph(
    [...asRows, 'mean'],
    'v',
    3,
    [...toRows, node('ReduceMean', ['r', 'one'], 'v', { keepdims: 0 })],
    ...[rows, ints('one', 1)],
  ),
  'a mean over the first axis of an image': graph(
    ['reshape', 'mean'],
    'v',
    48,
    [node('Reshape', ['x', 'four'], 'a'), node('ReduceMean', ['a', 'zero'], 'v')],
    ...[ints('four', 4, 3, 4, 4), ints('zero', 0)],
  ),
  'AveragePool that leaves its padding out': graph(['average-pool'], 'v', 48, [
    node('AveragePool', ['x'], 'v', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  ]),
  'AveragePool that counts its padding, and that of a Pad': graph(
    ['average-pool'],
    'v',
    48,
    [
      node('Pad', ['x', 'pads'], 'p'),
      node('AveragePool', ['p'], 'v', {
        ...{ kernel_shape: [3, 3], strides: [2, 2], count_include_pad: 1 },
      }),
    ],
    ints('pads', 0, 0, 1, 1, 0, 0, 1, 1),
  ),
  'AveragePool over everything is a mean': graph(['mean'], 'v', 3, [
    node('AveragePool', ['x'], 'v', { kernel_shape: [8, 8] }),
  ]),
};

/** What moves, chooses and joins numbers. */
const moves: Readonly<Record<string, MadeGraph>> = {
  'channels that are shuffled': graph(
    ['convolution', 'reshape', 'transpose'],
    'v',
    256,
    [
      conv,
      node('Reshape', ['c', 'apart'], 'a'),
      node('Transpose', ['a'], 'b', { perm: [0, 2, 1, 3, 4] }),
      node('Reshape', ['b', 'back'], 'v'),
    ],
    ...[...convWeights, ints('apart', 0, 2, 2, 8, 8), ints('back', 1, -1, 8, 8)],
  ),
  'windows, and attention in them': graph(
    [
      ...['reshape', 'transpose', 'reshape', 'transpose', 'matmul', 'linear', 'softmax', 'matmul'],
      // The classifier reads all windows of an image as one row.
      'reshape',
    ],
    'v',
    192,
    // 4 windows of 16 pixels with 3 channels each.
    [
      node('Reshape', ['x', 'split'], 'a'),
      node('Transpose', ['a'], 'b', { perm: [0, 2, 4, 3, 5, 1] }),
      node('Reshape', ['b', 'windows'], 'q'),
      node('Transpose', ['q'], 'k', { perm: [0, 2, 1] }),
      node('MatMul', ['q', 'k'], 'qk'),
      node('Mul', ['qk', 'scale'], 's'),
      node('Softmax', ['s'], 'p'),
      node('MatMul', ['p', 'q'], 'v'),
    ],
    ...[ints('split', 1, 3, 2, 4, 2, 4), ints('windows', -1, 16, 3), number('scale', 0.5)],
  ),
  'queries, keys and values of one product, chosen along the first axis': graph(
    [
      ...asRows,
      'inner-product',
      ...['reshape', 'transpose'],
      ...['reshape', 'slice', 'reshape', 'slice', 'reshape', 'slice', 'reshape'],
      ...['transpose', 'matmul', 'softmax', 'matmul'],
    ],
    'v',
    384,
    [
      ...toRows,
      node('MatMul', ['r', 'w'], 'm'),
      node('Reshape', ['m', 'apart'], 'a'),
      node('Transpose', ['a'], 'b', { perm: [2, 0, 3, 1, 4] }),
      node('Gather', ['b', 'n0'], 'q'),
      node('Gather', ['b', 'n1'], 'k'),
      node('Gather', ['b', 'n2'], 'u'),
      node('Transpose', ['k'], 't', { perm: [0, 1, 3, 2] }),
      node('MatMul', ['q', 't'], 'qk'),
      node('Softmax', ['qk'], 'p'),
      node('MatMul', ['p', 'u'], 'v'),
    ],
    ...[rows, weights('w', 3, 18), ints('apart', 1, 64, 3, 2, 3)],
    ...[0, 1, 2].map((value) => tensor(`n${value}`, [], [value], 'int')),
  ),
  'a class token before the rows, and its row alone': graph(
    [...asRows, 'parameter', 'broadcast', 'concat', 'tanh', 'slice'],
    'v',
    3,
    [
      ...toRows,
      node('Concat', ['token', 'r'], 'j', { axis: 1 }),
      node('Tanh', ['j'], 't'),
      node('Gather', ['t', 'first'], 'v', { axis: 1 }),
    ],
    ...[rows, weights('token', 1, 1, 3), tensor('first', [], [64], 'int')],
  ),
  'Split, Slice with steps, Concat': graph(
    ['slice', 'slice', 'relu', 'slice', 'slice', 'concat', 'tanh'],
    'v',
    96,
    [
      node('Split', ['x', 'sizes'], ['a', 'b'], { axis: 1 }),
      node('Relu', ['b'], 'r'),
      node('Slice', ['a', 'from', 'to', 'axes', 'steps'], 's'),
      node('Slice', ['r', 'from', 'to', 'axes', 'steps'], 'u'),
      node('Concat', ['s', 'u'], 'w', { axis: 1 }),
      node('Tanh', ['w'], 'v'),
    ],
    ...[
      ints('sizes', 1, 2),
      ints('from', 1, 0),
      ints('to', 8, 100),
      ints('axes', 2, 3),
      ints('steps', 2, 1),
    ],
  ),
  'a Pad that stays': graph(
    ['pad'],
    'p',
    300,
    [node('Pad', ['x', 'pads', 'value'], 'p')],
    ...[ints('pads', 0, 0, 1, 2, 0, 0, 1, 0), number('value', 0.5)],
  ),
  'a Pad of zeros before a maximum of what may be below 0': graph(
    ['pad', 'max-pool'],
    'v',
    75,
    [
      node('Pad', ['x', 'pads'], 'p'),
      node('MaxPool', ['p'], 'v', { kernel_shape: [2, 2], strides: [2, 2] }),
    ],
    ints('pads', 0, 0, 1, 1, 0, 0, 1, 1),
  ),
  'and of what is not: its padding': graph(
    ['relu', 'max-pool'],
    'v',
    75,
    [
      node('Relu', ['x'], 'r'),
      node('Pad', ['r', 'pads'], 'p'),
      node('MaxPool', ['p'], 'v', { kernel_shape: [2, 2], strides: [2, 2] }),
    ],
    ints('pads', 0, 0, 1, 1, 0, 0, 1, 1),
  ),
  'MaxPool, rounded up': graph(['max-pool'], 'v', 48, [
    node('MaxPool', ['x'], 'v', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  ]),
  'images with channels last': {
    ...graph(
      ['convolution', 'relu', 'transpose'],
      'v',
      256,
      [
        node('Transpose', ['x'], 't', { perm: [0, 3, 1, 2] }),
        node('Conv', ['t', 'c.weight', 'c.bias'], 'c', { pads: [1, 1, 1, 1] }),
        node('Relu', ['c'], 'r'),
        node('Transpose', ['r'], 'v', { perm: [0, 2, 3, 1] }),
      ],
      ...convWeights,
    ),
    input: [1, 8, 8, 3],
  },
  'lists of tensors': graph(
    ['slice', 'slice', 'relu', 'concat'],
    'v',
    192,
    [
      node('SplitToSequence', ['x', 'each'], 'l', { axis: 2 }),
      node('SequenceAt', ['l', 'n0'], 'a'),
      node('SequenceAt', ['l', 'n1'], 'b'),
      node('Relu', ['b'], 'r'),
      node('Concat', ['r', 'a'], 'v', { axis: 2 }),
    ],
    ...[tensor('each', [], [4], 'int'), tensor('n0', [], [0], 'int'), tensor('n1', [], [1], 'int')],
  ),
  'sizes computed in the graph': graph(
    ['relu', 'reshape', 'tanh'],
    'v',
    192,
    [
      node('Relu', ['x'], 'r'),
      node('Shape', ['r'], 's', { start: 0, end: 2 }),
      node('Concat', ['s', 'rest'], 'to', { axis: 0 }),
      node('Reshape', ['r', 'to'], 'w'),
      node('Tanh', ['w'], 'v'),
    ],
    ints('rest', -1),
  ),
};

/** All of them. */
export const graphs: Readonly<Record<string, MadeGraph>> = {
  ...weighted,
  ...functions,
  ...elementwise,
  ...norms,
  ...pooling,
  ...moves,
};
