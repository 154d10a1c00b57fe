import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caffeModelOf } from '../../test/made-caffemodel.js';
import { segmentsOf } from '../net/cuts.js';
import { readBaseFile } from '../study/pretrained/read-base-file.js';
import { modelHash, modelOf } from './model.js';
import { readSource } from './source.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-model-'));
const [prototxt, caffemodel] = [join(folder, 'net.prototxt'), join(folder, 'pets.caffemodel')];
afterAll(() => rmSync(folder, { recursive: true }));

const net = (data: string): string => `${data}
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 2 kernel_size: 2 stride: 2 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
  inner_product_param { num_output: 5 } }
layer { name: "fc" type: "InnerProduct" bottom: "ip" top: "fc"
  inner_product_param { num_output: 2 } }`;
const deploy = 'input: "data" input_shape { dim: 1 dim: 3 dim: 4 dim: 4 }';
const count = (length: number): readonly number[] => Array.from({ length }, (_, at) => at);

beforeAll(() => {
  writeFileSync(prototxt, net(deploy));
  writeFileSync(
    caffemodel,
    caffeModelOf({
      conv: [
        { shape: [2, 3, 2, 2], numbers: count(24) },
        { shape: [2], numbers: [1, 2] },
      ],
      ip: [
        { shape: [5, 8], numbers: count(40) },
        { shape: [5], numbers: count(5) },
      ],
      fc: [
        { shape: [2, 5], numbers: count(10) },
        { shape: [2], numbers: [0, 0] },
      ],
    }),
  );
});

test('an ONNX file, and a prototxt with its caffemodel in either form', () => {
  expect(modelOf('a/net.onnx')).toMatchObject({ name: 'net', place: { kind: 'onnx' } });
  const place = { kind: 'caffe', prototxt, weights: caffemodel };
  const pair = `${prototxt}:${caffemodel}`;
  expect(modelOf(pair)).toEqual({ given: pair, name: 'pets', place });
  expect(modelOf(prototxt, caffemodel)).toEqual({ given: pair, name: 'pets', place });
});

test.each([
  [['net.prototxt'], /network without weights, wanted its caffemodel/],
  [['net.onnx', 'x.caffemodel'], /--weights: found it with net\.onnx, wanted a \.prototxt/],
  [['net.pt'], /net\.pt: wanted a network: FILE\.onnx/],
  [['C:net'], /C:net: wanted a network/],
  [[tmpdir()], /plan\.json does not exist/],
  [[`${tmpdir()}:x`], /plan\.json does not exist/],
] as const)('no model: %j', (given, message) => {
  expect(() => modelOf(...(given as readonly [string]))).toThrow(message);
});

test('a Caffe network becomes a file with its weights, red first', async () => {
  const model = modelOf(prototxt, caffemodel);
  const hash = modelHash(model);
  const into = join(folder, 'advice');
  mkdirSync(into);
  const source = await readSource(model, hash, into);
  expect(source).toMatchObject({ classes: 2, hash, stated: null, file: join(into, 'source.onnx') });
  expect(segmentsOf(source.network).length).toBe(3);
  const input = { ...source.network.input };
  const [own, caffe] = [{ file: source.file }, { file: caffemodel, prototxt }].map((place) =>
    [...readBaseFile(place, input).weights].map(([name, { read }]) => [name, [...read()]]),
  );
  expect(Object.fromEntries(own ?? [])).toEqual(Object.fromEntries(caffe ?? []));
  expect(await readSource(model, hash, into)).toEqual(source);
});

test('what it says of its images is taken; another prototxt is another model', async () => {
  const said = join(folder, 'said.prototxt');
  writeFileSync(
    said,
    net(`layer { name: "data" type: "Data" top: "data" top: "label"
      transform_param { crop_size: 4 scale: 0.5 mean_value: 1 mean_value: 2 mean_value: 3 } }`),
  );
  const model = modelOf(said, caffemodel);
  expect(modelHash(model)).not.toBe(modelHash(modelOf(prototxt, caffemodel)));
  const source = await readSource(model, '', mkdtempSync(join(folder, 'said-')));
  const how = { name: 'stated', mean: [3, 2, 1], std: [2] };
  expect(source.stated).toEqual({ how, from: 'the file' });
});
