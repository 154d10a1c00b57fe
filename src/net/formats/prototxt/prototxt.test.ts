import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../facts.js';
import type { Blob, Filler } from '../../layers/blob.js';
import type { Layer } from '../../layers/table.js';
import { caffenet } from '../../presets/caffenet.js';
import { readCaffeNetwork } from './read-network.js';
import { readCaffeSolver } from './read-solver.js';
import { parseTextFormat } from './text-format.js';
import { linesOf } from '../../../../test/problems.js';

const filler = (name: string, value: Filler) =>
  value.type === 'gaussian'
    ? `${name} { type: "gaussian" std: ${value.std} }`
    : `${name} { type: "constant" value: ${value.type === 'constant' ? value.value : 0} }`;
const fillers = ({ weight, bias }: { weight: Blob; bias: Blob | null }) =>
  `${filler('weight_filler', weight.filler)} ${filler('bias_filler', (bias as Blob).filler)}`;
const multipliers = ({ weight, bias }: { weight: Blob; bias: Blob | null }) => {
  const { lrMult, decayMult } = bias as Blob;
  return `blobs_lr: ${weight.lrMult}. blobs_lr: ${lrMult}. weight_decay: ${weight.decayMult} weight_decay: ${decayMult}`;
};
/** The kinds that CaffeNet has. */
type CaffeNetLayer = Extract<Layer, { kind: keyof typeof types }>;
const numbers = (layer: CaffeNetLayer) => {
  switch (layer.kind) {
    case 'convolution':
      return `num_output: ${layer.outputs} SIZE: ${layer.kernel[0]} stride: ${layer.stride[0]} pad: ${layer.pads[0]} group: ${layer.groups} ${fillers(layer)}`;
    case 'inner-product':
      return `num_output: ${layer.outputs === 'classes' ? 1000 : layer.outputs} ${fillers(layer)}`;
    case 'max-pool':
      return `pool: MAX SIZE: ${layer.kernel[0]} stride: ${layer.stride[0]}`;
    case 'lrn':
      return `local_size: ${layer.size} alpha: ${layer.alpha} beta: ${layer.beta}`;
    case 'dropout':
      return `dropout_ratio: ${layer.ratio}`;
    case 'relu':
      return '';
  }
};
const types = {
  convolution: ['conv', 'CONVOLUTION', 'Convolution', 'convolution_param'],
  'inner-product': ['innerproduct', 'INNER_PRODUCT', 'InnerProduct', 'inner_product_param'],
  relu: ['relu', 'RELU', 'ReLU', 'relu_param'],
  'max-pool': ['pool', 'POOLING', 'Pooling', 'pooling_param'],
  lrn: ['lrn', 'LRN', 'LRN', 'lrn_param'],
  dropout: ['dropout', 'DROPOUT', 'Dropout', 'dropout_param'],
} as const;

/** CaffeNet in one of the syntaxes: 0 the oldest, 1, 2 the current one. */
function printed(syntax: 0 | 1 | 2): string {
  const layers = (caffenet.layers as readonly CaffeNetLayer[]).map((layer) => {
    const [type, parameters] = [types[layer.kind][syntax], types[layer.kind][3]];
    const wires = `bottom: "${layer.inputs[0]}" top: "${layer.name}"`;
    const lr = 'weight' in layer ? multipliers(layer) : '';
    const content = numbers(layer).replace('SIZE', syntax === 0 ? 'kernelsize' : 'kernel_size');
    if (syntax === 0) {
      return `layers {\n  layer { name: "${layer.name}" type: "${type}" ${content} ${lr} }\n  ${wires}\n}`;
    }
    if (syntax === 1) {
      return `layers { name: '${layer.name}' type: ${type} ${parameters} { ${content} } ${lr} ${wires} }`;
    }
    const params =
      'weight' in layer
        ? [layer.weight, layer.bias as Blob]
            .map((blob) => `param { lr_mult: ${blob.lrMult} decay_mult: ${blob.decayMult} }`)
            .join(' ')
        : '';
    return `layer { name: "${layer.name}" type: "${type}" ${parameters}: < ${content} >; ${params} ${wires} }`;
  });
  const data = [
    'layers { layer { name: "data" type: "data" source: "db" batchsize: 256 cropsize: 227 mirror: true } top: "data" top: "label" }',
    'layers { name: "data" type: DATA data_param { source: "db" batch_size: 256 } transform_param { crop_size: 227 mirror: 1 } top: "data" top: "label" include: { phase: TRAIN } }',
    'layer { name: "data" type: "Data" data_param { source: "db" batch_size: 256 } transform_param { crop_size: 227 mirror: true } top: "data" top: "label" include { phase: TRAIN } }\nlayer { name: "data" type: "Data" data_param { batch_size: 50 } transform_param { crop_size: 200 } top: "data" top: "label" include { phase: TEST } }',
  ][syntax];
  const loss = [
    'layers { layer { name: "loss" type: "softmax_loss" } bottom: "fc8" bottom: "label" }',
    'layers { name: "loss" type: SOFTMAX_LOSS bottom: "fc8" bottom: "label" }',
    'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc8" bottom: "label" }',
  ][syntax];
  return `# a network\nname: "CaffeNet"\n${data}\n${layers.join('\n')}\n${loss}\n`;
}

describe('networks of Caffe', () => {
  it.each([0, 1, 2] as const)('syntax %i gives the preset', (syntax) => {
    const read = readCaffeNetwork(printed(syntax), 'net.prototxt');
    expect(read.network).toEqual({ ...caffenet, name: 'CaffeNet' });
    expect(read).toMatchObject({
      outputs: 1000,
      frozen: [],
      role: { kind: 'base', n: 0 },
      batch: 256,
      mirror: true,
    });
  });

  it('reads layers in place, padding layers and deploy files', () => {
    const text = `input: "image" input_dim: 10 input_dim: 1 input_dim: 8 input_dim: 8
      layers { layer { name: "p" type: "padding" pad: 1 } bottom: "image" top: "p" }
      layers { layer { name: "c" type: "conv" num_output: 2 kernelsize: 3 } bottom: "p" top: "c" }
      layers { layer { name: "r" type: "relu" } bottom: "c" top: "c" }
      layers { layer { name: "f" type: "innerproduct" num_output: 5 } bottom: "c" top: "f" }`;
    const { network } = readCaffeNetwork(text, 'deploy.prototxt');
    expect(network).toMatchObject({ input: { channels: 1, height: 8, width: 8 } });
    expect(network.layers).toMatchObject([
      {
        name: 'c',
        pads: [1, 1, 1, 1],
        inputs: ['data'],
        weight: { filler: { type: 'constant', value: 0 } },
      },
      { name: 'r', inputs: ['c'] },
      { name: 'f', inputs: ['r'], outputs: 'classes' },
    ]);
  });

  const freeze = (text: string, n: number) => {
    let count = 0;
    return text.replace(/blobs_lr: 1\. blobs_lr: 2\. weight_decay: 1/g, (found) =>
      ++count > n ? found : 'blobs_lr: 0. blobs_lr: 0. weight_decay: 0.',
    );
  };
  const renew = (text: string, n: number) =>
    text.replace(/"(conv|fc)(\d)"/g, (found, kind: string, at: string) =>
      Number(at) > n ? `"${kind}${at}-new"` : found,
    );
  it.each([
    ['random', 3, freeze(printed(0), 3)],
    ['frozen', 3, renew(freeze(printed(0), 3), 3)],
    ['fine-tuned', 3, renew(printed(0), 3)],
    ['preserved', 3, renew(freeze(printed(0), 3), 5)],
  ] as const)('knows what is %s', (kind, n, text) => {
    const read = readCaffeNetwork(text, 'net.prototxt');
    expect(read.role).toEqual({ kind, n });
    const expected = kind === 'fine-tuned' ? [] : ['conv1', 'conv2', 'conv3'];
    expect(read.frozen).toEqual(expected);
  });

  it('says all that it does not have, with line and column', () => {
    const text = `name: "x"
layer { name: "d" type: "Data" top: "data" transform_param { crop_size: 8 } }
layer { name: "c" type: "Deconvolution" bottom: "data" top: "c" }
layer { name: "p" type: "Pooling" bottom: "data" top: "p"
  pooling_param { pool: STOCHASTIC kernel_size: 2
    kernel_h: 3 } }
layer { name: "f" type: "InnerProduct" bottom: "q" top: "f"
  inner_product_param { num_output: many weight_filler { type: "bilinear" } } }`;
    expect(linesOf(() => readCaffeNetwork(text, 'x.prototxt'))).toEqual([
      'x.prototxt:3:1: layer "c": type Deconvolution is not supported',
      'x.prototxt:4:1: layer "p": pool: STOCHASTIC is not supported, only MAX and AVE are',
      'x.prototxt:5:36: layer "p": found kernel_size and kernel_h, wanted one way',
      'x.prototxt:7:1: layer "f": no layer before it has the top "q"',
      'x.prototxt:7:1: layer "f": filler bilinear is not supported, wanted one of constant, gaussian, uniform, xavier, msra',
      'x.prototxt:8:25: num_output: found "many", wanted a number',
    ]);
  });

  it.each([
    ['layer { name: "a"', 'x:1:7: found no "}" for this "{"'],
    ['name "a"', 'x:1:6: found "a", wanted ":" or "{"'],
    ['a: 1\n}', 'x:2:1: found "}", wanted a field\'s name'],
    ['a: [1, 2', 'x:1:9: found the end of the file, wanted ","'],
    ['a: -b', 'x:1:5: found "b", wanted a number after "-"'],
    ['a: "b\n', 'x:1:4: found "\\"", wanted a field'],
  ])('finds what is wrong in %j', (text, message) => {
    expect(linesOf(() => parseTextFormat(text, 'x'))).toEqual([message]);
  });

  it('reads every form of value', () => {
    const text = `a: [1, -2.5e1, .5f] b: 0x1F; c: 'x' "\\"y" , d < e: true > f: -inf g: 010 # end`;
    const values = parseTextFormat(text, 'x').map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ['a', { kind: 'number', number: 1 }],
      ['a', { kind: 'number', number: -25 }],
      ['a', { kind: 'number', number: 0.5 }],
      ['b', { kind: 'number', number: 31 }],
      ['c', { kind: 'string', text: 'x"y' }],
      ['d', { kind: 'message', fields: [expect.objectContaining({ name: 'e' })] }],
      ['f', { kind: 'number', number: -Infinity }],
      ['g', { kind: 'number', number: 8 }],
    ]);
  });
});

const folder = new URL('../../../../../shared/reference/prototxt/', import.meta.url).pathname;

// Skipped where the folder shared/ does not stand beside the checkout: the authors' files are not
// ours to publish.
describe.skipIf(!existsSync(folder))('the authors’ files (shared/reference/prototxt)', () => {
  const read = (name: string, file: string) =>
    readFileSync(`${folder}${name}/imagenet_${file}.prototxt`, 'utf8');

  it.each([
    ['half0A', 'base', 0, []],
    ['nolearn_1_3', 'random', 3, ['conv1', 'conv2', 'conv3']],
    ['transfer0A0B_1_3', 'frozen', 3, ['conv1', 'conv2', 'conv3']],
    ['transfer-ft0A0B_1_3', 'fine-tuned', 3, []],
  ])('%s', (name, kind, n, frozen) => {
    const net = readCaffeNetwork(read(name, 'train'), name);
    expect(net).toMatchObject({ role: { kind, n }, frozen, outputs: 1000, batch: 256 });
    const facts = [...factsOf(net.network, 1000).values()];
    expect(facts.map(({ parameters }) => parameters).filter((count) => count > 0)).toEqual([
      34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000,
    ]);
    const ours = [...factsOf(caffenet, 1000).values()];
    expect(facts.map(({ shape }) => shape)).toEqual(ours.map(({ shape }) => shape));
    if (name === 'half0A') expect(net.network.layers).toEqual(caffenet.layers);
    expect(readCaffeNetwork(read(name, 'val'), name).network.layers).toHaveLength(22);
  });

  it('solvers', () => {
    expect(readCaffeSolver(read('half0A', 'solver'), 's')).toMatchObject({
      learningRate: 0.01,
      steps: [100_000, 200_000, 300_000, 400_000],
      iterations: 450_000,
    });
    expect(readCaffeSolver(read('reduced-0100', 'solver'), 's')).toMatchObject({
      learningRate: 0.0125,
      steps: [64_000, 128_000, 192_000],
      iterations: 200_000,
    });
  });
});
