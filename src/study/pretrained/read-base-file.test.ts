import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { caffeModelOf, type MadeLayers } from '../../../test/made-caffemodel.js';
import { readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { readBaseFile } from './read-base-file.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-base-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const prototxt = (channels: number, first: string): string => `input: "data"
input_shape { dim: 1 dim: ${channels} dim: 2 dim: 2 } ${first}
layer { name: "fc" type: "InnerProduct" bottom: "first" top: "fc"
  inner_product_param { num_output: 2 } }`;
const convolution = `layer { name: "first" type: "Convolution" bottom: "data" top: "first"
  convolution_param { num_output: 2 kernel_size: 1 } }`;

function read(text: string, layers: MadeLayers) {
  const [net, file] = [join(folder, 'net.prototxt'), join(folder, 'net.caffemodel')];
  writeFileSync(net, text);
  writeFileSync(file, caffeModelOf(layers, 2));
  const { input } = readCaffeNetwork(text, net).network;
  const { classes, weights } = readBaseFile({ file, prototxt: net }, input);
  const numbers = (name: string): number[] => [...(weights.get(name)?.read() ?? [])];
  return { classes, numbers };
}

const blob = (shape: readonly number[], numbers: readonly number[]) => ({ shape, numbers });
const count = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

test('blue, green, red becomes red, green, blue where images enter, and nowhere else', () => {
  const { classes, numbers } = read(prototxt(3, convolution), {
    first: [blob([2, 3, 1, 1], count(6)), blob([2], [7, 8])],
    fc: [blob([2, 8], count(16)), blob([2], [0, 0])],
  });
  expect(classes).toBe(2);
  expect(numbers('first.weight')).toEqual([2, 1, 0, 5, 4, 3]);
  expect(numbers('first.bias')).toEqual([7, 8]);
  expect(numbers('fc.weight')).toEqual(count(16));
});

test('an inner product of an image has the channels of its pixels turned', () => {
  const first = `layer { name: "first" type: "InnerProduct" bottom: "data" top: "first"
    inner_product_param { num_output: 1 } }`;
  const { numbers } = read(prototxt(3, first), {
    first: [blob([1, 12], count(12)), blob([1], [0])],
    fc: [blob([2, 1], [1, 2]), blob([2], [0, 0])],
  });
  expect(numbers('first.weight')).toEqual([8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]);
});

test('grey images have one order', () => {
  const { numbers } = read(prototxt(1, convolution), {
    first: [blob([2, 1, 1, 1], [1, 2]), blob([2], [0, 0])],
    fc: [blob([2, 8], count(16)), blob([2], [0, 0])],
  });
  expect(numbers('first.weight')).toEqual([1, 2]);
});

test('a batch norm of the image itself cannot be turned', () => {
  const first = `layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" }
    ${convolution.replace('bottom: "data"', 'bottom: "bn"')}`;
  const layers = {
    bn: [blob([3], [0, 0, 0]), blob([3], [1, 1, 1]), blob([1], [1])],
    first: [blob([2, 3, 1, 1], count(6)), blob([2], [7, 8])],
    fc: [blob([2, 8], count(16)), blob([2], [0, 0])],
  };
  expect(() => read(prototxt(3, first), layers)).toThrow(
    /"bn" of kind batch-norm reads the image's channels/,
  );
});

test('what is not there is said', () => {
  const gone = { file: join(folder, 'gone.caffemodel'), prototxt: join(folder, 'net.prototxt') };
  const { input } = readCaffeNetwork(prototxt(3, convolution), 'n').network;
  expect(() => readBaseFile(gone, input)).toThrow(/gone\.caffemodel: does not exist, wanted/);
});
