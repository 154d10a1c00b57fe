// Each type of layer by itself: what it becomes, and what of it is refused.
import { describe, expect, it, test } from 'vitest';
import { factsOf } from '../../src/net/facts.js';
import { readCaffeNetwork } from '../../src/net/formats/prototxt/read-network.js';
import type { Network } from '../../src/net/network.js';
import { outputsOf } from './outputs.js';
import { problemsOf } from '../problems.js';

const input = (channels = 4, size = 6): string =>
  `input: "data" input_shape { dim: 1 dim: ${channels} dim: ${size} dim: ${size} }`;
const layer = (name: string, type: string, bottoms: string, more = '', top = name): string =>
  `layer { name: "${name}" type: "${type}" ${bottoms
    .split(' ')
    .map((bottom) => `bottom: "${bottom}"`)
    .join(' ')} top: "${top}" ${more} }`;
const conv = (name: string, bottom: string, more = ''): string =>
  layer(name, 'Convolution', bottom, `convolution_param { num_output: 4 kernel_size: 1 ${more} }`);
const classifier = (bottom: string): string =>
  layer('fc', 'InnerProduct', bottom, 'inner_product_param { num_output: 5 }');

const read = (...layers: readonly string[]): Network =>
  readCaffeNetwork([input(), ...layers].join('\n'), 'n').network;
const one = (type: string, more = ''): unknown =>
  read(layer('l', type, 'data', more), classifier('l')).layers[0];
const problems = (...layers: readonly string[]): readonly string[] =>
  problemsOf(() => read(...layers)).map(({ message }) => message);
const constant = (value: number): object => ({
  ...{ filler: { type: 'constant', value }, lrMult: 1, decayMult: 1 },
});

test.each([
  ['Sigmoid', '', { kind: 'activation', function: 'sigmoid' }],
  ['TanH', '', { kind: 'activation', function: 'tanh' }],
  ['ELU', 'elu_param { alpha: 0.5 }', { function: 'elu', alpha: 0.5 }],
  ['ELU', '', { function: 'elu', alpha: 1 }],
  ['ReLU', 'relu_param { negative_slope: 0.1 }', { function: 'leaky-relu', alpha: 0.1 }],
  ['ReLU', 'relu_param { negative_slope: 0 }', { kind: 'relu' }],
  ['ReLU6', '', { function: 'clip', alpha: 0, beta: 6 }],
  ['Clip', 'clip_param { min: -1 max: 2 }', { function: 'clip', alpha: -1, beta: 2 }],
  ['Swish', '', { function: 'silu' }],
  ['Power', 'power_param { scale: 2 shift: -1 }', { function: 'linear', alpha: 2, beta: -1 }],
  ['PReLU', '', { kind: 'prelu', shared: false, weight: constant(0.25) }],
  ['PReLU', 'prelu_param { channel_shared: true }', { kind: 'prelu', shared: true }],
  ['BatchNorm', '', { epsilon: 1e-5, momentum: 0.001, scale: null, shift: null }],
  [
    'BatchNorm',
    'batch_norm_param { eps: 0.01 moving_average_fraction: 0.95 }',
    { epsilon: 0.01, momentum: 0.05 },
  ],
  ['Scale', '', { kind: 'affine', shape: [4, 1, 1], weight: constant(1), bias: null }],
  [
    'Scale',
    'scale_param { bias_term: true axis: 2 num_axes: -1 }',
    { shape: [1, 6, 6], weight: constant(1), bias: constant(0) },
  ],
  ['Scale', 'scale_param { num_axes: 0 }', { shape: [1, 1, 1] }],
  ['Scale', 'scale_param { axis: -1 }', { shape: [1, 1, 6] }],
  ['Bias', 'bias_param { filler { value: 2 } }', { weight: null, bias: constant(2) }],
  [
    'Pooling',
    'pooling_param { pool: AVE kernel_h: 3 kernel_w: 2 stride: 2 pad: 1 }',
    {
      kind: 'average-pool',
      kernel: [3, 2],
      pads: [1, 1, 1, 1],
      rounding: 'ceil',
      includePad: true,
    },
  ],
  ['Pooling', 'pooling_param { pool: AVE global_pooling: true }', { axes: [2, 3], keepDims: true }],
  ['Pooling', 'pooling_param { global_pooling: true }', { kind: 'max-pool', kernel: [6, 6] }],
  [
    'Reshape',
    'reshape_param { shape { dim: 0 dim: -1 dim: 2 } }',
    { kind: 'reshape', shape: [1, 72, 2] },
  ],
  ['Reshape', 'reshape_param { shape { dim: -1 dim: 144 } }', { shape: [1, 144] }],
])('%s %s', (type, more, expected) => {
  expect(one(type, more)).toMatchObject({ name: 'l', inputs: ['data'], ...expected });
});

describe('branches', () => {
  const two = [conv('a', 'data'), conv('b', 'data')];
  it.each([
    ['Eltwise', '', { kind: 'add' }],
    ['Eltwise', 'eltwise_param { operation: SUM coeff: 1 coeff: 1 }', { kind: 'add' }],
    ['Eltwise', 'eltwise_param { coeff: 1 coeff: -0.5 }', { coefficients: [1, -0.5] }],
    ['Eltwise', 'eltwise_param { operation: PROD }', { kind: 'multiply' }],
    ['Concat', '', { kind: 'concat', axis: 1 }],
    ['Concat', 'concat_param { concat_dim: 1 }', { kind: 'concat', axis: 1 }],
    ['Concat', 'concat_param { axis: -2 }', { kind: 'concat', axis: 2 }],
  ])('%s %s', (type, more, expected) => {
    const { layers } = read(...two, layer('l', type, 'a b', more), classifier('l'));
    const joined = { name: 'l', inputs: ['a', 'b'], ...expected };
    expect(layers.find(({ name }) => name === 'l')).toMatchObject(joined);
    if (!('coefficients' in expected)) expect(layers[2]).not.toHaveProperty('coefficients');
  });

  it('of a Split, and of a blob that layers write in turn', () => {
    const split = `layer { name: "s" type: "Split" bottom: "a" top: "s1" top: "s2" }`;
    const { layers } = read(
      ...[conv('a', 'data'), split, layer('r', 'ReLU', 's1', '', 's1')],
      ...[layer('t', 'TanH', 's1', '', 's1'), layer('l', 'Eltwise', 's1 s2'), classifier('l')],
    );
    expect(layers.map(({ name, inputs }) => [name, ...inputs])).toEqual([
      ...[
        ['a', 'data'],
        ['r', 'a'],
        ['t', 'r'],
      ],
      ...[
        ['l', 't', 'a'],
        ['fc', 'l'],
      ],
    ]);
  });

  it('a Scale of two bottoms is a product: channel attention', () => {
    const { layers } = read(
      ...[
        conv('a', 'data'),
        layer('g', 'Pooling', 'a', 'pooling_param { pool: AVE global_pooling: true }'),
      ],
      ...[layer('f', 'Flatten', 'g'), layer('gate', 'Sigmoid', 'f')],
      ...[layer('l', 'Scale', 'a gate', 'scale_param { axis: 0 }'), classifier('l')],
    );
    expect(layers.slice(2)).toMatchObject([
      { name: 'gate', inputs: ['g'] },
      { name: 'f', kind: 'reshape', shape: [1, 4], inputs: ['gate'] },
      { name: 'l_factors', kind: 'reshape', shape: [1, 4, 1, 1], inputs: ['f'] },
      { name: 'l', kind: 'multiply', inputs: ['a', 'l_factors'] },
      { name: 'fc' },
    ]);
  });
});

describe('a Scale above a BatchNorm', () => {
  const norm = [conv('a', 'data', 'bias_term: false'), layer('n', 'BatchNorm', 'a')];
  it('is its weight and bias', () => {
    const frozen = 'param { lr_mult: 0.5 } scale_param { bias_term: true filler { value: 0.5 } }';
    const { layers } = read(...norm, layer('s', 'Scale', 'n', frozen), classifier('s'));
    expect(layers[0]).toMatchObject({ kind: 'convolution', bias: null });
    expect(layers.slice(1)).toMatchObject([
      {
        ...{ name: 'n', kind: 'batch-norm', inputs: ['a'] },
        scale: { ...constant(0.5), lrMult: 0.5 },
        shift: constant(0),
      },
      { name: 'fc', inputs: ['n'] },
    ]);
    const plain = read(...norm, layer('s', 'Scale', 'n'), classifier('s')).layers[1];
    expect(plain).toMatchObject({ scale: constant(1), shift: null });
  });

  it('is a layer of its own where others read the BatchNorm too, or it has other factors', () => {
    const kinds = (...layers: readonly string[]): readonly string[] =>
      read(...norm, ...layers).layers.map(({ kind }) => kind);
    const scale = layer('s', 'Scale', 'n');
    const both = [scale, layer('l', 'Eltwise', 's n'), classifier('l')];
    expect(kinds(...both).slice(1, 4)).toEqual(['batch-norm', 'affine', 'add']);
    const shared = layer('s', 'Scale', 'n', 'scale_param { num_axes: 0 }');
    expect(kinds(shared, classifier('s')).slice(1, 3)).toEqual(['batch-norm', 'affine']);
  });
});

describe('Flatten', () => {
  it('is part of inner products, also through functions of elements', () => {
    const { layers } = read(
      ...[layer('f', 'Flatten', 'data'), layer('r', 'ReLU', 'f', '', 'f'), classifier('f')],
    );
    expect(layers.map(({ name }) => name)).toEqual(['r', 'fc']);
  });

  it('is a layer before others', () => {
    const { layers } = read(
      ...[conv('a', 'data'), layer('f', 'Flatten', 'a'), layer('g', 'Flatten', 'data')],
      ...[layer('l', 'Concat', 'f g'), classifier('l')],
    );
    expect(layers.slice(1, 4)).toMatchObject([
      { name: 'f', kind: 'reshape', shape: [1, 144], inputs: ['a'] },
      { name: 'g', kind: 'reshape', shape: [1, 144], inputs: ['data'] },
      { name: 'l', kind: 'concat', axis: 1, inputs: ['f', 'g'] },
    ]);
  });
});

describe('outputs of 1 x 1 places are one number a class', () => {
  const pool = layer('p', 'Pooling', 'a', 'pooling_param { pool: AVE global_pooling: true }');
  it('below global pooling, a window of the whole image, a convolution', () => {
    const window = layer('p', 'Pooling', 'a', 'pooling_param { pool: AVE kernel_size: 6 }');
    expect(read(conv('a', 'data'), pool).layers.at(-1)).toMatchObject({
      name: 'p',
      keepDims: false,
    });
    expect(read(conv('a', 'data'), window).output).toBe('p_flat');
    expect(read(conv('a', 'data'), pool, conv('c', 'p')).output).toBe('c_flat');
    expect(read(conv('a', 'data'), window, layer('f', 'Flatten', 'p')).output).toBe('f');
    for (const layers of [[pool], [window], [pool, conv('c', 'p')]]) {
      const network = read(conv('a', 'data'), ...layers);
      expect(factsOf(network, 9).get(network.output)?.shape).toEqual([9]);
    }
  });

  it('and where more than one layer makes them, their number is the file’s', () => {
    const net = [input(), conv('a', 'data'), conv('b', 'data'), layer('l', 'Eltwise', 'a b')];
    const { remarks, outputs } = readCaffeNetwork(
      [...net, pool.replace('"a"', '"l"')].join('\n'),
      'n',
    );
    expect(outputs).toBeNull();
    expect(remarks.map(({ message }) => message)).toEqual([
      'the number of classes is that of the file: more than one layer makes the output "p"',
    ]);
  });
});

describe('refused by name', () => {
  const l = (type: string, more: string): readonly string[] =>
    problems(layer('l', type, 'data', more), classifier('l'));
  it.each([
    ['Power', 'power_param { power: 2 }', /^layer "l": power: 2 is not supported, only 1 is/],
    ['Swish', 'swish_param { beta: 2 }', /beta: 2 is not supported/],
    ['Clip', 'clip_param { min: 0 }', /wanted both min and max/],
    ['Flatten', 'flatten_param { axis: 2 }', /^layer "l": axis: 2 is not supported, only 1 is/],
    ['Pooling', 'pooling_param { pool: STOCHASTIC kernel_size: 2 }', /only MAX and AVE are/],
    ['Pooling', 'pooling_param { global_pooling: true pad: 1 }', /pad: 1 is not supported/],
    ['Concat', 'concat_param { axis: 0 }', /axis 0 is not supported, only 1 to 3 of its 4 axes/],
    ['Scale', 'scale_param { num_axes: 4 }', /num_axes 4 from axis 1 on, wanted at most 3/],
    ['Reshape', 'reshape_param { shape { dim: 0 dim: 5 } }', /dimensions 0, 5 for images of 4 x 6/],
    ['Reshape', 'reshape_param { shape { dim: -1 dim: -1 } }', /wanted 0 and then sizes/],
    ['BatchNorm', 'batch_norm_param { scale_bias: true }', /"scale_bias" is not supported/],
    ['BatchNorm', 'batch_norm_param { moving_average_fraction: 2 }', /momentum is -1/],
    ['MVN', '', /type MVN is not supported/],
    ['Eltwise', '', /^layer "l" has 1 bottoms, wanted at least 2$/],
  ])('%s %s', (type, more, message) => {
    expect(l(type, more)[0]).toMatch(message);
  });

  it.each([
    [
      'eltwise_param { operation: MAX }',
      'a b',
      /operation: MAX is not supported, only SUM and PROD/,
    ],
    ['eltwise_param { operation: PROD coeff: 2 }', 'a b', /coeff is for SUM alone/],
    ['eltwise_param { coeff: 2 }', 'a b', /has 1 coefficients for 2 inputs/],
    ['', 'a p', /found inputs of the shapes 4 x 6 x 6 and 4 x 3 x 3, wanted one shape/],
    ['', 'a q', /no layer before it has the top "q"/],
  ])('Eltwise %s of %s', (more, bottoms, message) => {
    const pool = layer('p', 'Pooling', 'data', 'pooling_param { kernel_size: 2 stride: 2 }');
    const branches = [conv('a', 'data'), conv('b', 'data'), pool];
    expect(problems(...branches, layer('l', 'Eltwise', bottoms, more), classifier('l'))[0]).toMatch(
      message,
    );
  });

  it('a Scale of two bottoms that do not fit', () => {
    const scale = (more: string): readonly string[] =>
      problems(conv('a', 'data'), layer('l', 'Scale', 'a data', more), classifier('l'));
    expect(scale('scale_param { axis: 0 }')).toEqual([]);
    expect(scale('')[0]).toMatch(/a second bottom of 4 x 6 x 6 for 4 x 6 x 6 from axis 1 on/);
  });
});

// Caffe's loops, by hand: a window from `start` to min(start + kernel, size + pad) counts all its
// cells, of which those of the image are summed up; the last window may start inside the pad.
test.each([
  // 4 columns, kernel 3, stride 2: windows 0..2 and 2..4, of which 2..3 count.
  [
    'kernel_size: 3 stride: 2',
    [3, 2],
    [
      [0, 1, 2],
      [2, 3],
    ],
  ],
  // pad 1: windows -1..1, 1..3 and 3..5, of which 3..4 count.
  ['kernel_size: 3 stride: 2 pad: 1', [3, 3, 2], [[0, 1], [1, 2, 3], [3]]],
])('AVE pooling counts as Caffe: %s', async (fields, counts, cells) => {
  const text = [
    input(1, 4),
    layer('p', 'Pooling', 'data', `pooling_param { pool: AVE ${fields} }`),
    classifier('p'),
  ].join('\n');
  const { network } = readCaffeNetwork(text, 'n');
  const pooled: Network = { ...network, layers: network.layers.slice(0, 1), output: 'p' };
  const image = Array.from({ length: 16 }, (_, index) => index * index);
  const sum = (rows: readonly number[], columns: readonly number[]): number =>
    rows.reduce(
      (all, r) => all + columns.reduce((row, c) => row + (image[4 * r + c] ?? NaN), 0),
      0,
    );
  const wanted = cells.flatMap((rows, r) =>
    cells.map((columns, c) => sum(rows, columns) / ((counts[r] ?? 0) * (counts[c] ?? 0))),
  );
  const found = await outputsOf(pooled, image);
  expect(found).toHaveLength(wanted.length);
  found.forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 5));
});
