// Weights out of caffemodels: every syntax, every shape that Caffe has written, and what is said of
// files that do not fit.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { readCaffeModel } from '../../src/net/formats/caffemodel/read-caffemodel.js';
import { readCaffeNetwork } from '../../src/net/formats/prototxt/read-network.js';
import { factsOf } from '../../src/net/facts.js';
import type { Network } from '../../src/net/network.js';
import { elementCount } from '../../src/tensor/tensor.js';
import {
  caffeModelOf,
  layersFor,
  type MadeBlob,
  type MadeLayers,
  type Syntax,
} from '../made-caffemodel.js';
import { outputsOf } from './outputs.js';
import { SelfferError } from '../../src/base/errors.js';
import { linesOf } from '../problems.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-caffemodel-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'net.caffemodel');

const prototxt = `input: "data" input_shape { dim: 1 dim: 1 dim: 3 dim: 3 }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 2 kernel_size: 1 bias_term: false } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { eps: 1 } }
layer { name: "sc" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
layer { name: "bent" type: "PReLU" bottom: "conv" top: "conv" }
layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool"
  pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
layer { name: "add" type: "Bias" bottom: "pool" top: "pool" }
layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc"
  inner_product_param { num_output: 3 } }`;
const network = readCaffeNetwork(prototxt, 'n');

const range = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index / 4 - 1);
const blob = (shape: readonly number[], numbers: readonly number[]): MadeBlob => ({
  shape,
  numbers,
});
const layers: MadeLayers = {
  conv: [blob([2, 1, 1, 1], [1, -2])],
  bn: [blob([2], [2, 4]), blob([2], [6, 16]), blob([1], [2])],
  sc: [blob([2], [4, 3]), blob([2], [0.5, 1])],
  bent: [blob([2], [0.5, 0.25])],
  add: [blob([2], [10, 20])],
  fc: [blob([3, 8], range(24)), blob([3], [1, 2, 3])],
};

function read(made: MadeLayers, syntax: Syntax = 2): ReturnType<typeof readCaffeModel> {
  writeFileSync(path, caffeModelOf(made, syntax));
  return readCaffeModel(path, network, 3);
}
const numbers = (made: MadeLayers, syntax: Syntax = 2): Readonly<Record<string, number[]>> =>
  Object.fromEntries(
    [...read(made, syntax).weights].map(([name, { read }]) => [name, [...read()]]),
  );
const problems = (work: () => unknown) => linesOf(work, SelfferError);
const wrong = (made: MadeLayers): readonly string[] =>
  problems(() => read(made)).map((line) => line.replace(`${path}: `, ''));

/** Old files have four axes for everything, and doubles where Caffe was built so. */
const as = (change: Partial<MadeBlob>): MadeLayers =>
  Object.fromEntries(
    Object.entries(layers).map(([name, blobs]) => [
      name,
      blobs.map((each) => ({ ...each, ...change })),
    ]),
  );

describe('weights', () => {
  const expected = {
    'conv.weight': [1, -2],
    'bn.weight': [4, 3],
    'bn.bias': [0.5, 1],
    'bn.running_mean': [1, 2],
    'bn.running_var': [3, 8],
    'bent.weight': [0.5, 0.25],
    'add.bias': [10, 20],
    'fc.weight': range(24),
    'fc.bias': [1, 2, 3],
  };
  it.each([0, 1, 2] as const)('of syntax %i, sums divided by their factor', (syntax) => {
    expect(numbers(layers, syntax)).toEqual(expected);
  });

  it('of four axes each, and of doubles', () => {
    expect(numbers(as({ legacy: true }), 1)).toEqual(expected);
    expect(numbers(as({ isDouble: true }))).toEqual(expected);
  });

  it('have the shapes of the network', () => {
    const { weights } = read(as({ legacy: true }));
    expect(weights.get('fc.weight')?.shape).toEqual([3, 8]);
    expect(weights.get('add.bias')?.shape).toEqual([2, 1, 1]);
  });

  it('of statistics that were never gathered are 0, said', () => {
    const [mean, variance] = layers['bn'] as readonly [MadeBlob, MadeBlob];
    const made = { ...layers, bn: [mean, variance, blob([1], [0])] };
    expect(numbers(made)).toMatchObject({ 'bn.running_mean': [0, 0], 'bn.running_var': [0, 0] });
    expect(read(made).notes).toEqual(['layer "bn" has never gathered statistics: they are 0']);
  });

  it('that the network has no place for are said', () => {
    expect(read({ ...layers, side: [blob([1], [1])], none: [] }).notes).toEqual([
      'it has weights of layers that the network lacks: side',
    ]);
  });
});

test.each(['googlenet', 'resnet', 'squeezenet', 'vgg', 'nin', 'mobilenet', 'densenet'])(
  'every blob of %s has a place',
  (name) => {
    const url = new URL(`../fixtures/caffe/${name}.prototxt`, import.meta.url);
    const published = readCaffeNetwork(readFileSync(url, 'utf8'), name);
    writeFileSync(path, caffeModelOf(layersFor(published)));
    const { weights, notes } = readCaffeModel(path, published, 10);
    const facts = [...factsOf(published.network, 10)];
    const blobs = facts.flatMap(([layer, { blobs }]) =>
      blobs.map((blob) => [layer, blob] as const),
    );
    expect(notes).toEqual([]);
    expect(weights.size).toBe(blobs.length);
    for (const [layer, { name: blob, shape }] of blobs) {
      const weight = weights.get(`${layer}.${blob}`);
      expect(weight?.shape).toEqual(shape);
      expect(weight?.read()).toHaveLength(elementCount(shape));
    }
  },
);

describe('what does not fit is named', () => {
  it('layers that either lacks', () => {
    const { fc, ...others } = layers;
    expect(wrong({ ...others, fc8: fc ?? [] })).toEqual([
      'it lacks the layer "fc" of the network',
      'it has weights of layers that the network lacks: fc8: is it of another network?',
    ]);
  });

  it('numbers of blobs, shapes and numbers of a blob', () => {
    const made = {
      ...layers,
      conv: [blob([2, 1, 1, 1], [1, -2]), blob([2], [0, 0])],
      bn: (layers['bn'] ?? []).slice(0, 2),
      sc: [blob([3], [4, 3, 2]), blob([2], [0.5])],
      fc: [blob([8, 3], range(24)), blob([3], [1, 2, 3])],
    };
    expect(wrong(made)).toEqual([
      'layer "conv" has 2 blobs, wanted 1: weight',
      'layer "bn" has 2 blobs, wanted 3: running_mean, running_var, scale factor',
      'layer "sc": weight has the shape [3], wanted [2]',
      'layer "sc": bias has 1 numbers, its shape [2] wants others',
      'layer "fc": weight has the shape [8, 3], wanted [3, 8]',
    ]);
  });

  it('scale factors', () => {
    const factor = (made: MadeBlob): MadeLayers => ({
      ...layers,
      bn: [...(layers['bn'] ?? []).slice(0, 2), made],
    });
    expect(wrong(factor(blob([1], [-1])))).toEqual([
      'layer "bn": found the scale factor -1, wanted at least 0',
    ]);
    expect(wrong(factor(blob([2], [1, 1])))[0]).toBe(
      'layer "bn": running_mean is divided by 2 numbers, wanted 1',
    );
  });

  it.each([
    ['nothing', [], /found no layers with weights/],
    ['text', [...Buffer.from('name: "net"')], /damaged/],
    ['HDF5', [0x89, 0x48, 0x44, 0x46, 13, 10], /found an HDF5 file.*BINARYPROTO/],
    [
      'the first bytes of a file',
      [...caffeModelOf(layers).subarray(0, 60)],
      /a field ends at byte/,
    ],
  ])('files of %s', (_, bytes, message) => {
    writeFileSync(path, Uint8Array.from(bytes));
    expect(problems(() => readCaffeModel(path, network, 3))[0]).toMatch(message);
  });

  it('files that are not there, folders, and such as are cut off while they are read', () => {
    expect(problems(() => readCaffeModel(join(folder, 'none'), network, 3))).toHaveLength(1);
    expect(problems(() => readCaffeModel(folder, network, 3))[0]).toMatch(/found a folder/);
    const { weights } = read(layers);
    writeFileSync(path, 'short');
    expect(problems(() => weights.get('fc.weight')?.read())[0]).toMatch(/the file ended/);
  });
});

test('a network with these weights computes what Caffe would', async () => {
  const images = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const { network: net } = network;
  const upToBias: Network = { ...net, layers: net.layers.slice(0, -1), output: 'add' };
  const found = await outputsOf(upToBias, images, read(layers).weights);
  // Channel 0: (x - 1) / sqrt(3 + 1) * 4 + 0.5 = 2 x - 1.5; only x = 0 is bent, to -0.75.
  const first = images.map((each) => (each === 0 ? -0.75 : 2 * each - 1.5));
  // Channel 1: (-2 x - 2) / sqrt(8 + 1) * 3 + 1 = -2 x - 1, all of it bent by 0.25.
  const second = images.map((each) => -(2 * each + 1) / 4);
  // Each window has 3 x 3 cells of the padded image of 5 x 5, 2 x 2 of them in the image: 9 count.
  const corners = [
    [0, 1, 3, 4],
    [1, 2, 4, 5],
    [3, 4, 6, 7],
    [4, 5, 7, 8],
  ];
  const pooled = (plane: readonly number[], add: number): readonly number[] =>
    corners.map((cells) => cells.reduce((sum, cell) => sum + (plane[cell] ?? NaN), 0) / 9 + add);
  const wanted = [...pooled(first, 10), ...pooled(second, 20)];
  expect(found).toHaveLength(8);
  found.forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 5));
});
