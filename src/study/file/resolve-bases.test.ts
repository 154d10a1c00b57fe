import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caffeModelOf, layersFor } from '../../../test/made-caffemodel.js';
import { blobValues } from '../../../test/networks/training-step.js';
import { factsOf } from '../../net/facts.js';
import { writeOnnx } from '../../net/formats/onnx/write/write-onnx.js';
import type { Network } from '../../net/network.js';
import { readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { presets } from '../../net/presets/table.js';
import type { HostTensor } from '../../tensor/tensor.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';
import { messageOf } from '../../../test/problems.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-bases-'));
  writeNetwork('base.onnx', presets.glyph28, 7);
  writeNetwork('tiny.onnx', presets.tiny32, 7);
});
afterAll(() => rmSync(directory, { recursive: true }));

function writeNetwork(file: string, network: Network, classes: number, salt = ''): void {
  const weights: Record<string, HostTensor> = {};
  for (const [layer, { blobs }] of factsOf(network, classes)) {
    for (const spec of blobs) {
      const name = `${layer}.${spec.name}`;
      weights[name] = blobValues(`${salt}${name}`, spec);
    }
  }
  const parts = { network, classes, weights, preparation: null, metadata: {}, version: '1' };
  writeFileSync(join(directory, file), writeOnnx(parts));
}

function study(text: string) {
  const path = join(directory, 'study.yaml');
  const network = text.includes('network: net') ? '' : 'network: glyph28\n';
  writeFileSync(path, `name: s\n${network}${text}`);
  return readStudy(path, []);
}

const problems = (text: string): string => messageOf(() => study(text));

const data = 'data: {source: glyphs, mean: [0]}\n';
const bases = 'bases: {A: {network: base.onnx, hasSeen: []}}\n';

test('a base is read, the other task is the target', () => {
  const read = study(data + bases);
  expect(read.targets).toEqual(['B']);
  const { A } = read.bases ?? {};
  expect(A).toMatchObject({ file: join(directory, 'base.onnx'), classes: 7, hasSeen: [] });
  expect(A?.weights).toMatch(/^[0-9a-f]{64}$/);
  const path = join(directory, 'printed.yaml');
  writeFileSync(path, printStudy(read));
  expect(readStudy(path, [])).toEqual(read);
});

test('its identity is that of its weights, not of its file', () => {
  const first = study(data + bases).bases?.A?.weights;
  writeNetwork('copy.onnx', { ...presets.glyph28, name: 'another' }, 7);
  const copy = 'bases: {A: {network: copy.onnx, hasSeen: [target]}}\n';
  expect(study(data + copy).bases?.A?.weights).toBe(first);
  writeNetwork('copy.onnx', presets.glyph28, 7, 'other');
  expect(study(data + copy).bases?.A?.weights).not.toBe(first);
});

test('what makes no sense with it is refused by name', () => {
  expect(problems(`${data}${bases}targets: [A, B]\n`)).toMatch(
    /targets: found A, whose base is read from a file: .* no accuracy here .*wanted \[B\]/,
  );
  expect(
    problems(
      `${data}bases: {A: {network: base.onnx, hasSeen: []}, B: {network: base.onnx, hasSeen: []}}\n`,
    ),
  ).toMatch(/bases: found both, wanted one/);
  expect(problems(`${data}${bases}tasks: {split: whole}\n`)).toMatch(/is one task/);
  expect(problems(`data: {source: glyphs}\n${bases}`)).toMatch(
    /mean image of images that their base was not trained on; write data\.mean: target, or numbers/,
  );
  expect(problems(`data: {source: glyphs, mean: target}\n${bases}`)).toBe('none');
  expect(problems(`${data}bases: {A: {network: base.onnx}}\n`)).toMatch(
    /bases\.A: "hasSeen" is missing/,
  );
  expect(problems(`${data}bases: {A: {network: nowhere.onnx, hasSeen: []}}\n`)).toMatch(
    /nowhere\.onnx: does not exist/,
  );
});

test('a caffemodel is a base beside its prototxt', () => {
  const deploy = (fillers: string, last: number): string => `input: "data"
input_shape { dim: 1 dim: 1 dim: 28 dim: 28 }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 3 kernel_size: 5 stride: 4 ${fillers} } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "fc" type: "InnerProduct" bottom: "conv" top: "fc"
  inner_product_param { num_output: ${last} ${fillers} } }`;
  const text = deploy('', 10);
  writeFileSync(join(directory, 'deploy.prototxt'), text);
  writeFileSync(join(directory, 'net.prototxt'), deploy('weight_filler { type: "msra" }', 15));
  const layers = layersFor(readCaffeNetwork(text, 'n'));
  writeFileSync(join(directory, 'net.caffemodel'), caffeModelOf(layers));
  const caffe = (base: string): string =>
    `${data}network: net.prototxt\nlayers: [1]\nbases: {A: {${base}, hasSeen: []}}\n`;
  const given = caffe('network: deploy.prototxt, weights: net.caffemodel');
  const read = study(given);
  expect(read.bases?.A).toMatchObject({
    file: join(directory, 'net.caffemodel'),
    prototxt: join(directory, 'deploy.prototxt'),
    classes: 10,
  });
  const path = join(directory, 'printed.yaml');
  writeFileSync(path, printStudy(read));
  expect(readStudy(path, [])).toEqual(read);
  expect(problems(caffe('network: deploy.prototxt'))).toMatch(
    /deploy\.prototxt has no weights, wanted `weights: FILE\.caffemodel` beside it/,
  );
  expect(problems(caffe('network: base.onnx, weights: net.caffemodel'))).toMatch(
    /found `weights:` beside an ONNX file, which has its own/,
  );
});

test('another network, or one that prepares its images itself, is named with what differs', () => {
  expect(problems(`${data}bases: {A: {network: tiny.onnx, hasSeen: []}}\n`)).toMatch(
    /tiny\.onnx: its network is not glyph28, the network of the study: its layer "\w+"/,
  );
  const preparation = { mean: { shape: [1], data: new Float32Array([9]) }, scale: [0.1] };
  const weights: Record<string, HostTensor> = {};
  for (const [layer, { blobs }] of factsOf(presets.glyph28, 7)) {
    for (const spec of blobs) weights[`${layer}.${spec.name}`] = blobValues(spec.name, spec);
  }
  const parts = { network: presets.glyph28, classes: 7, weights, metadata: {}, version: '1' };
  writeFileSync(join(directory, 'pixels.onnx'), writeOnnx({ ...parts, preparation }));
  expect(problems(`${data}bases: {A: {network: pixels.onnx, hasSeen: []}}\n`)).toMatch(
    /stands where the input is read; .*--prepared/,
  );
});

test('a number says how many bases a target has, and is printed as it was said', () => {
  const read = study('data: {source: glyphs}\nbases: 3\n');
  expect(read.basesPerTarget).toBe(3);
  expect(read.bases).toBeUndefined();
  expect(read.targets).toEqual(['A', 'B']);
  expect(printStudy(read)).toMatch(/^bases: 3$/m);
  expect(study('data: {source: glyphs}\nbases: 1\n').basesPerTarget).toBeUndefined();
});

test.each([
  ['bases: 0', /4:1: bases: found 0, wanted/],
  ['bases: 1000', /4:1: bases: found 1000, wanted/],
  ['bases: 3\ntreatments: [AnB]', /4:1: bases: found 3, wanted base among the treatments/],
])('%j is no number of bases', (text, message) => {
  expect(problems(`data: {source: glyphs}\n${text}\n`)).toMatch(message);
});
