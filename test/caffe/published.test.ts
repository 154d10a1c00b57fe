// Networks in the manner of those that people have as Caffe files: what becomes of each, its
// parameters counted by hand from the formulas beside them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { segmentFacts } from '../../src/net/cut-facts.js';
import { factsOf } from '../../src/net/facts.js';
import {
  type CaffeNetwork,
  readCaffeNetwork,
} from '../../src/net/formats/prototxt/read-network.js';

function read(name: string): CaffeNetwork {
  const path = fileURLToPath(new URL(`../fixtures/caffe/${name}.prototxt`, import.meta.url));
  return readCaffeNetwork(readFileSync(path, 'utf8'), name);
}

/** A convolution of k x k over `from` channels (of its group), with or without a bias. */
const conv = (from: number, to: number, k = 1, bias = true): number =>
  from * k * k * to + (bias ? to : 0);
/** Weight, bias, mean and variance. */
const norm = (channels: number): number => 4 * channels;
const sum = (...counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const fire = sum(conv(16, 4), conv(4, 8), conv(4, 8, 3));
const bottleneck = (from: number, mid: number, to: number): number =>
  sum(conv(from, mid, 1, false), norm(mid), conv(mid, mid, 3, false), norm(mid)) +
  sum(conv(mid, to, 1, false), norm(to));

const counted: Readonly<Record<string, readonly number[]>> = {
  googlenet: [
    ...[conv(3, 8, 7), conv(8, 8), conv(8, 12, 3)],
    ...[conv(12, 4), conv(12, 6), conv(6, 8, 3), conv(12, 2), conv(2, 4, 5), conv(12, 4)],
    ...[conv(20, 8), conv(20, 6), conv(6, 8, 3), conv(20, 2), conv(2, 4, 5), conv(20, 4)],
    24 * 10 + 10,
  ],
  resnet: [
    ...[conv(3, 8, 7), norm(8), conv(8, 16, 1, false), norm(16), bottleneck(8, 4, 16)],
    ...[bottleneck(16, 4, 16), conv(16, 32, 1, false), norm(32), bottleneck(16, 8, 32)],
    32 * 10 + 10,
  ],
  squeezenet: [conv(3, 16, 3), fire, fire, conv(16, 10)],
  vgg: [
    ...[conv(3, 4, 3), conv(4, 4, 3), conv(4, 8, 3)],
    ...[8 * 4 * 4 * 16 + 16, 16 * 16 + 16, 16 * 10 + 10],
  ],
  nin: [conv(3, 8, 5), conv(8, 8), conv(8, 6), conv(6, 12, 3), conv(12, 10)],
  mobilenet: [
    ...[conv(3, 8, 3, false), norm(8), conv(1, 8, 3, false), norm(8)],
    ...[conv(8, 16, 1, false), norm(16), conv(16, 32, 1, false), norm(32)],
    ...[conv(1, 32, 3, false), norm(32), conv(32, 16, 1, false), norm(16), conv(16, 10)],
  ],
  densenet: [
    ...[conv(3, 8, 3, false), norm(8)],
    ...[norm(8), conv(8, 16, 1, false), norm(16), conv(16, 4, 3, false)],
    ...[norm(12), conv(12, 16, 1, false), norm(16), conv(16, 4, 3, false)],
    ...[norm(16), conv(16, 8, 1, false), norm(8), conv(8, 10)],
  ],
};

const totals: Readonly<Record<string, number>> = {
  ...{ googlenet: 4298, resnet: 4234, squeezenet: 1426, vgg: 3062, nin: 1524 },
  ...{ mobilenet: 2346, densenet: 2242 },
};

test.each(Object.keys(counted))('%s has the parameters counted by hand', (name) => {
  const facts = [...factsOf(read(name).network, 10).values()];
  const found = sum(...facts.map(({ parameters }) => parameters));
  expect(sum(...(counted[name] ?? []))).toBe(totals[name]);
  expect(found).toBe(totals[name]);
  expect(read(name).outputs).toBe(10);
  // Whatever the classes of a task are.
  expect(factsOf(read(name).network, 7).get(read(name).network.output)?.shape).toEqual([7]);
});

test.each([
  [
    'googlenet',
    ['conv1/7x7_s2', 'conv2/3x3_reduce', 'conv2/3x3', 'inception_3a', 'inception_3b'],
    'loss3/classifier',
  ],
  ['resnet', ['conv1', 'res2a', 'res2b', 'res3a'], 'fc1000'],
  ['squeezenet', ['conv1', 'fire2/squeeze1x1', 'fire2', 'fire3/squeeze1x1', 'fire3'], 'conv10'],
  ['vgg', ['conv1_1', 'conv1_2', 'conv2_1', 'fc6', 'fc7'], 'fc8'],
  ['nin', ['conv1', 'cccp1', 'cccp2', 'conv4'], 'cccp7'],
  ['mobilenet', ['conv1', 'conv2_1/dw', 'conv2_1/sep', 'conv3_1'], 'fc7'],
  ['densenet', ['conv1', 'conv2_1', 'conv2_2', 'conv2_blk'], 'fc6'],
])('%s can be cut where people would cut it', (name, segments, classifier) => {
  const found = segmentFacts(read(name).network, 10);
  expect(found.map((segment) => segment.name)).toEqual([...segments, classifier]);
});

test('a side head is left out by name', () => {
  const { remarks, network } = read('googlenet');
  const left = remarks.flatMap(
    ({ message }) => /^layer "(.+)" is left out/.exec(message)?.[1] ?? [],
  );
  expect(left.sort()).toEqual([
    ...['loss1/ave_pool', 'loss1/classifier', 'loss1/conv', 'loss1/drop_fc', 'loss1/fc'],
    ...['loss1/loss', 'loss1/relu_conv', 'loss1/relu_fc'],
  ]);
  expect(network.layers.some(({ name }) => name.startsWith('loss1'))).toBe(false);
});

test('batch norm and its Scale are one layer; where stored statistics are asked for it is said', () => {
  const { network, scales, remarks } = read('resnet');
  const norms = network.layers.filter(({ kind }) => kind === 'batch-norm');
  expect(norms).toHaveLength(12);
  expect(network.layers.some(({ kind }) => kind === 'affine')).toBe(false);
  expect(norms[0]).toEqual({
    ...{ kind: 'batch-norm', name: 'bn_conv1', inputs: ['conv1'], epsilon: 1e-5, momentum: 0.001 },
    scale: { filler: { type: 'constant', value: 1 }, lrMult: 1, decayMult: 1 },
    shift: { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 1 },
  });
  expect(scales.get('bn_conv1')).toBe('scale_conv1');
  expect(network.layers.find(({ name }) => name === 'conv1_relu')?.inputs).toEqual(['bn_conv1']);
  const said = remarks.map(({ message }) => message);
  expect(said.filter((message) => message.includes('use_global_stats'))).toHaveLength(12);
});

test('statistics that follow slowly are said', () => {
  const said = (name: string): readonly string[] =>
    read(name).remarks.flatMap(({ message }) => /^moving_average_fraction.*/.exec(message) ?? []);
  expect(said('densenet')).toEqual([
    'moving_average_fraction 0.999: running means and variances begin at 0 and 1, which Caffe divides out, and follow after some 5000 iterations; to train for fewer write a smaller one, 0.9 say',
  ]);
  expect(said('mobilenet')).toEqual([]);
  expect(said('vgg')).toEqual([]);
});
