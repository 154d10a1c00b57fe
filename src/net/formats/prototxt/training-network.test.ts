// Which network a file has in training, and what is said of the rest. The small inputs are of kinds
// that people have: side heads, second tasks, rules of phase and stage, fields that stand twice.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../facts.js';
import { weightLayers } from '../../network.js';
import { readCaffeNetwork } from './read-network.js';
import { problemsOf } from '../../../../test/problems.js';

const data = `layer { name: "images" type: "Data" top: "data" top: "label"
  transform_param { crop_size: 28 } data_param { batch_size: 16 } }`;
const conv = (more = 'kernel_size: 5', outer = '') => `layer { name: "c1" type: "Convolution"
  bottom: "data" top: "c1" ${outer} convolution_param { num_output: 8 stride: 2 ${more}
  weight_filler { type: "msra" } } }`;
const relu = 'layer { name: "r1" type: "ReLU" bottom: "c1" top: "c1" }';
const dense = (name: string, bottom: string, more = '', outputs = 'num_output: 6') =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" ${more}
  inner_product_param { ${outputs} weight_filler { type: "xavier" } } }`;
const loss = (name: string, bottom: string, more = '') =>
  `layer { name: "${name}" type: "SoftmaxWithLoss" bottom: "${bottom}" bottom: "label" ${more} }`;
const join = (...layers: string[]) => layers.join('\n');
const small = join(data, conv(), relu, dense('f2', 'c1'), loss('loss', 'f2'));

const read = (text: string, size?: number) =>
  readCaffeNetwork(text, 'n', size === undefined ? {} : { size });
const names = (text: string) => weightLayers(read(text).network).map(({ name }) => name);
const remarks = (text: string) => read(text).remarks.map(({ message }) => message);
const problems = (text: string): readonly string[] =>
  problemsOf(() => read(text)).map(({ message }) => message);

describe('layers that the output does not need', () => {
  const side = [dense('side', 'c1'), loss('side_loss', 'side', 'loss_weight: 0.3')];
  const main = [dense('f2', 'c1'), loss('loss', 'f2')];
  it.each([
    ['a side head before', [...side, ...main], ['side', 'side_loss']],
    ['a side head after', [...main, ...side], ['side', 'side_loss']],
    ['a second task of equal weight', [dense('a', 'c1'), loss('la', 'a'), ...main], ['a', 'la']],
    ['a classifier that was wired past it', [dense('old', 'c1'), ...main], ['old']],
    [
      'a type that is not ours',
      [`layer { name: "up" type: "Deconvolution" bottom: "c1" top: "u" }`, ...main],
      ['up'],
    ],
  ])('are left out and named: %s', (_, layers, left) => {
    const text = join(data, conv(), relu, ...layers);
    expect(names(text)).toEqual(['c1', 'f2']);
    expect(read(text).network.output).toBe('f2');
    expect(remarks(text)).toHaveLength(left.length);
    left.forEach((name, index) => {
      expect(remarks(text)[index]).toContain(`layer "${name}" is left out`);
    });
  });

  it('of losses the one of the greatest weight counts, and other weights are said', () => {
    const text = join(data, conv(), ...main, dense('g', 'c1'), loss('lg', 'g', 'loss_weight: 5'));
    expect(names(text)).toEqual(['c1', 'g']);
    expect(remarks(text)[0]).toContain('layer "lg": loss_weight 5 is not taken');
  });

  it('without a loss the softmax, else the last layer, has the classes', () => {
    const softmax = 'layer { name: "p" type: "Softmax" bottom: "f2" top: "p" }';
    expect(names(join(data, dense('f2', 'data'), dense('z', 'f2'), softmax))).toEqual(['f2']);
    expect(names(join(data, dense('a', 'data'), dense('f2', 'data')))).toEqual(['f2']);
  });

  it('other losses are refused unless they are of side heads', () => {
    const euclidean = 'layer { name: "e" type: "EuclideanLoss" bottom: "f2" bottom: "label" }';
    expect(problems(join(data, dense('f2', 'data'), euclidean))[0]).toMatch(
      /^layer "e": type EuclideanLoss is not supported.*wanted SoftmaxWithLoss$/,
    );
    expect(names(join(small, euclidean))).toEqual(['c1', 'f2']);
  });
});

describe('rules of the training network', () => {
  it.each([
    ['include { phase: TRAIN }', true],
    ['include { phase: TEST }', false],
    ['include { phase: TEST } include { phase: TRAIN }', true],
    ['exclude { phase: TRAIN }', false],
    ['exclude { phase: TEST }', true],
    ['include { stage: "deploy" }', false],
    ['include { phase: TRAIN stage: "deploy" }', false],
    ['include { not_stage: "deploy" }', true],
    ['exclude { stage: "deploy" }', true],
    ['exclude { not_stage: "deploy" }', false],
    ['include { min_level: 1 }', false],
    ['include { min_level: 0 max_level: 2 }', true],
    ['include { max_level: -1 }', false],
    ['exclude { max_level: 3 }', false],
  ])('%s', (rule, isIn) => {
    const extra = dense('extra', 'c1', rule).replace('top: "extra"', 'top: "c1"');
    const text = join(data, conv(), relu, extra, dense('f2', 'c1'), loss('loss', 'f2'));
    expect(names(text)).toEqual(isIn ? ['c1', 'extra', 'f2'] : ['c1', 'f2']);
  });

  it('holds them against the state that the file gives itself', () => {
    const text = (state: string) =>
      join(
        state,
        data,
        dense('e', 'data', 'include { stage: "x" min_level: 2 }'),
        dense('f2', 'data'),
      );
    expect(remarks(text('state { level: 2 stage: "x" }'))).toHaveLength(1);
    expect(remarks(text('state { level: 1 stage: "x" }'))).toHaveLength(0);
  });

  it('does not ask what a layer is that training has not', () => {
    const test = 'layer { name: "t" type: "Scale" bottom: "f2" top: "f2" include { phase: TEST } }';
    expect(names(join(small, test))).toEqual(['c1', 'f2']);
  });

  it('refuses both kinds at once, and reads data layers of a stage of their own', () => {
    expect(problems(join(small, loss('l', 'f2', 'include { } exclude { }')))).toEqual([
      'layer "l" has include and exclude rules, wanted one kind',
    ]);
    const digits = join(
      data.replace('top: "data"', 'top: "data" include { stage: "train" }'),
      dense('d', 'data', 'include { stage: "deploy" }'),
      dense('f2', 'data'),
      loss('loss', 'f2', 'exclude { stage: "deploy" }'),
    );
    expect(names(digits)).toEqual(['f2']);
    expect(remarks(digits)[0]).toMatch(/^read with the stage "train"/);
  });
});

describe('fields that stand twice', () => {
  it.each([
    ['kernel_size: 3 kernel_size: 7', { kernel: [3, 7] }],
    ['kernel_size: 5 pad: 2 pad: 0', { pads: [2, 0, 2, 0] }],
    ['kernel_h: 3 kernel_w: 7 pad_h: 1 pad_w: 3', { kernel: [3, 7], pads: [1, 3, 1, 3] }],
    ['kernel_size: 3 dilation: 2 dilation: 1', { dilation: [2, 1] }],
    ['kernel_size: 3 dilation: 1', { kernel: [3, 3], dilation: [1, 1] }],
  ])('%s: of a convolution they are height and width', (fields, expected) => {
    const { network } = read(small.replace('kernel_size: 5', fields));
    expect(network.layers[0]).toMatchObject({ stride: [2, 2], ...expected });
  });

  it('are said where they differ', () => {
    expect(remarks(small.replace('kernel_size: 5', 'kernel_size: 3 kernel_size: 7'))).toEqual([
      'layer "c1": kernel_size 3, 7 is read as height 3, width 7',
    ]);
  });

  it.each([
    [
      'kernel_size: 5',
      'kernel_size: 5 kernel_size: 5 kernel_size: 5',
      /^layer "c1": kernel_size stands 3 times/,
    ],
    ['kernel_size: 5', 'kernel_size: 5 num_output: 9', /^num_output stands more than once/],
    [
      'kernel_size: 5',
      'kernel_size: 5 kernel_h: 3',
      /found kernel_size and kernel_h, wanted one way$/,
    ],
    ['kernel_size: 5', 'kernel_size: 5 pad_h: 3', /wanted both pad_h and pad_w$/],
    ['kernel_size: 5', '', /^layer "c1" has no kernel_size$|^layer "c1": has no kernel_size$/],
    ['crop_size: 28', 'crop_size: 28 crop_size: 24', /^crop_size stands more than once/],
    ['batch_size: 16', 'batch_size: 16 batch_size: 8', /^batch_size stands more than once/],
  ])('%s as %s is refused', (from, to, message) => {
    expect(problems(small.replace(from, to))[0]).toMatch(message);
  });

  it('are refused in pooling, which has one of each', () => {
    const pool = (fields: string) =>
      join(
        data,
        `layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { ${fields} } }`,
        dense('f2', 'p'),
      );
    expect(problems(pool('kernel_size: 3 kernel_size: 2'))[0]).toMatch(
      /kernel_size stands 2 times/,
    );
    expect(read(pool('kernel_h: 3 kernel_w: 2 stride: 2')).network.layers[0]).toMatchObject({
      kernel: [3, 2],
      stride: [2, 2],
      rounding: 'ceil',
    });
  });
});

describe('what networks have that are otherwise like ours', () => {
  it('fillers', () => {
    const filler = (text: string) =>
      read(small.replace('{ type: "msra" }', `{ ${text} }`)).network.layers[0];
    expect(filler('type: "xavier"')).toMatchObject({ weight: { filler: { type: 'xavier' } } });
    expect(filler('type: "xavier" std: 0.1 variance_norm: AVERAGE')).toMatchObject({
      weight: { filler: { type: 'xavier', norm: 'average' } },
    });
    expect(filler('type: "msra" variance_norm: FAN_OUT')).toMatchObject({
      weight: { filler: { type: 'he', norm: 'fan-out' } },
    });
    expect(filler('type: "uniform" min: -0.1 max: 0.2')).toMatchObject({
      weight: { filler: { type: 'uniform', min: -0.1, max: 0.2 } },
    });
  });

  it('no bias', () => {
    const text = small.replace('stride: 2', 'stride: 2 bias_term: false');
    expect(read(text).network.layers[0]).toMatchObject({ bias: null });
    expect(read(text).frozen).toEqual([]);
    expect(remarks(text)).toEqual([]);
  });

  it('no num_output of the last layer: it is the classes', () => {
    const { network, outputs } = read(join(data, dense('f2', 'data', '', ''), loss('l', 'f2')));
    expect([network.layers.at(-1), outputs]).toMatchObject([{ outputs: 'classes' }, null]);
    expect(problems(join(data, dense('f1', 'data', '', ''), dense('f2', 'f1')))).toEqual([
      'layer "f1" has no num_output',
    ]);
  });

  it('weights alone without a rate: frozen', () => {
    const text = small.replace('top: "c1"', 'top: "c1" param { lr_mult: 0 }');
    expect(read(text)).toMatchObject({ frozen: ['c1'], role: { kind: 'random', n: 1 } });
    expect(read(text.replace('lr_mult: 0 }', 'lr_mult: 1 } param { lr_mult: 0 }')).frozen).toEqual(
      [],
    );
  });

  it('gradients that are switched off: where something below learns, refused', () => {
    const off = (text: string) =>
      text
        .replace('num_output', 'num_output')
        .replace('bottom: "c1" top: "f2"', 'bottom: "c1" propagate_down: false top: "f2"');
    expect(problems(off(small))[0]).toMatch(/^layer "f2": propagate_down: false .*leave it out/);
    expect(problems(small.replace('top: "f2"', 'top: "f2" propagate_down: true'))).toEqual([]);
    expect(problems(small.replace('top: "c1"', 'top: "c1" propagate_down: false'))).toEqual([]);
    expect(
      problems(
        small.replace('bottom: "label"', 'bottom: "label" propagate_down: 1 propagate_down: 0'),
      ),
    ).toEqual([]);
  });

  it('names of weights that one layer has: nothing is shared', () => {
    const named = (name: string, bottom: string) => dense(name, bottom, 'param { name: "w" }');
    expect(names(join(data, named('f2', 'data')))).toEqual(['f2']);
    expect(problems(join(data, named('f1', 'data'), named('f2', 'f1')))).toEqual([
      'layer "f2" shares the weights "w" with "f1", which is not supported',
    ]);
  });

  it('messages of another type, said', () => {
    expect(
      remarks(small.replace('top: "f2"', 'top: "f2" pooling_param { kernel_size: 2 }')),
    ).toEqual(['layer "f2": pooling_param is not of its type and is not read']);
  });

  it('pooling windows larger than their input, if one position is left', () => {
    const pool = (size: number, kernel: number) =>
      `input: "data" input_shape { dim: 1 dim: 3 dim: ${size} dim: ${size} }
      layer { name: "p" type: "Pooling" bottom: "data" top: "p"
        pooling_param { kernel_size: ${kernel} stride: 2 } } ${dense('f2', 'p')}`;
    const { network } = read(pool(2, 3));
    expect(factsOf(network, 6).get('p')?.shape).toEqual([3, 1, 1]);
    expect(problems(pool(2, 5))[0]).toMatch(/the 5x5 window is larger than its input of 2x2/);
  });
});

describe('the input', () => {
  const f2 = dense('f2', 'data');
  const shaped = (layer: string) => read(join(layer, f2)).network.input;
  it.each([
    [
      'an Input layer',
      'layer { name: "data" type: "Input" top: "data" input_param { shape: { dim: 1 dim: 1 dim: 28 dim: 30 } } }',
      [1, 28, 30],
    ],
    ['a declared shape', 'input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 9 }', [3, 8, 9]],
    ['dimensions', 'input: "data" input_dim: 1 input_dim: 1 input_dim: 8 input_dim: 8', [1, 8, 8]],
    [
      'memory',
      'layer { name: "m" type: "MemoryData" top: "data" top: "label" memory_data_param { batch_size: 4 channels: 1 height: 8 width: 8 } }',
      [1, 8, 8],
    ],
    [
      'images made one size',
      'layer { name: "i" type: "ImageData" top: "data" image_data_param { new_height: 32 new_width: 32 is_color: false } }',
      [1, 32, 32],
    ],
    [
      'a crop',
      'layer { name: "d" type: "Data" top: "data" transform_param { crop_size: 24 force_gray: true } }',
      [1, 24, 24],
    ],
  ])('is known from %s', (_, layer, [channels, height, width]) => {
    expect(shaped(layer)).toMatchObject({ channels, height, width });
  });

  it.each(['', 'transform_param { scale: 0.004 }', 'transform_param { crop_size: 0 }'])(
    'is the study’s where the data layer has no crop (%s)',
    (transform) => {
      const text = join(`layer { name: "d" type: "Data" top: "data" ${transform} }`, f2);
      expect(read(text, 32)).toMatchObject({ crop: null, network: { input: { height: 32 } } });
      expect(problems(text)[0]).toMatch(/write crop_size, or data.size of the study$/);
    },
  );

  it('is of the data layer that the network reads, the labels’ aside', () => {
    const labels =
      'layer { name: "tags" type: "HDF5Data" top: "label" hdf5_data_param { batch_size: 8 } }';
    expect(read(join(labels, data.replace('top: "label"', ''), f2))).toMatchObject({
      crop: 28,
      batch: 16,
    });
    const two = `input: "x" input_shape { dim: 1 dim: 5 dim: 1 dim: 1 }
      input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }`;
    expect(shaped(two)).toMatchObject({ channels: 3, height: 8 });
  });

  it('may come from a layer of any type that reads nothing, said', () => {
    const python = 'layer { name: "d" type: "Python" top: "data" python_param { module: "m" } }';
    const { network, remarks: said } = read(join(python, f2), 16);
    expect(network.input.height).toBe(16);
    expect(said[0]?.message).toBe('layer "d": type Python is read as one that gives the images');
  });

  it('has as many means as channels', () => {
    const means = (text: string) => small.replace('crop_size: 28', `crop_size: 28 ${text}`);
    expect(read(means('mean_value: 127')).network.input.mean).toEqual([127, 127, 127]);
    const values = 'mean_value: 104 mean_value: 117 mean_value: 123';
    expect(read(means(values)).network.input.mean).toEqual([123, 117, 104]); // from BGR
    expect(problems(means('mean_value: 1 mean_value: 2'))).toEqual([
      'found 2 mean_values, wanted 1 or 3',
    ]);
  });
});

it('a flood of problems begins with a summary by kind', () => {
  const norm = (name: string) => `layer { name: "${name}" type: "MVN" bottom: "data" top: "data" }`;
  const text = join(
    data,
    ...Array.from({ length: 30 }, (_, i) => norm(`n${i}`)),
    conv('kernel_size: nan'),
    dense('f2', 'c1'),
  );
  const found = problems(text);
  expect(found[0]).toBe(
    '31 problems of 2 kinds; 30 times: type MVN is not supported; 1 times: kernel_size: found nan, wanted a number',
  );
  expect(found).toHaveLength(32);
});

it('messages that are nested without end are refused', () => {
  expect(problems('a {'.repeat(100_000))).toEqual([
    'found messages in messages, wanted at most 100 deep',
  ]);
});
