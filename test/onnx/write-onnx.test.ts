// Exported networks: what onnxruntime makes of their pixels, and what they are when they are read
// again.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { factsOf } from '../../src/net/facts.js';
import { readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import { writeOnnx } from '../../src/net/formats/onnx/write/write-onnx.js';
import type { Layer } from '../../src/net/layers/table.js';
import { lowerNetwork } from '../../src/net/lower.js';
import type { Network } from '../../src/net/network.js';
import { presets } from '../../src/net/presets/table.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { elementCount, type HostTensor, i32 } from '../../src/tensor/tensor.js';
import { filled } from '../conformance/fill.js';
import { randomKinds, randomNetwork } from '../networks/random-network.js';
import { bias, weight } from '../networks/blobs.js';
import { residual } from '../networks/residual.js';
import { blobValues } from '../networks/training-step.js';
import { transformer } from '../networks/transformer.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-write-'));
const [batch, classes] = [2, 5];
const images = { channels: 3, height: 8, width: 8, scale: [1 / 64], mean: 'image' } as const;
const reference = createReferenceExecutor();

type Weights = Readonly<Record<string, HostTensor>>;

function madeWeights(network: Network, count = classes): Weights {
  const blobs = [...factsOf(network, count)].flatMap(([layer, facts]) =>
    facts.blobs.map((spec) => [`${layer}.${spec.name}`, spec] as const),
  );
  return Object.fromEntries(
    blobs.map(([name, spec]) => [name, blobValues(`${network.name} ${name}`, spec)]),
  );
}

function pixelsOf({ input: { channels, height, width } }: Network): HostTensor {
  return filled('pixels', { dtype: 'u8', shape: [batch, channels, height, width] }, {}, 'reals');
}

/** Mean image of another size than the crops would do no harm here: windows are cut before. */
function meanOf({ input: { channels, height, width } }: Network): HostTensor {
  const type = { dtype: 'f32', shape: [channels, height, width] } as const;
  return filled('mean', type, { amplitude: 255, positive: true }, 'reals');
}

/** Our logits of pixels. @param mean null: the network takes what its first layer takes */
async function ours(network: Network, weights: Weights, mean: HostTensor | null) {
  const builder = new ProgramBuilder();
  const pixels = pixelsOf(network);
  const feeds: Record<string, HostTensor> = { pixels };
  const slots: Record<string, HostTensor> = { ...weights };
  let x;
  if (mean === null) {
    feeds.pixels = { dtype: 'f32', shape: pixels.shape, data: Float32Array.from(pixels.data) };
    x = builder.feed('pixels', { dtype: 'f32', shape: pixels.shape });
  } else {
    slots.mean = mean;
    feeds.windows = i32([batch, 3]);
    x = builder.apply('normalise', { scale: network.input.scale }, [
      builder.feed('pixels', pixels),
      builder.feed('windows', { dtype: 'i32', shape: [batch, 3] }),
      builder.slot('mean', mean),
    ]);
  }
  const logits = lowerNetwork(builder, network, x, {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: (layer, { name, shape }) =>
      builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape }),
  });
  builder.output('logits', logits, builder.network(network.name));
  const executable = await reference.compile(
    { test: builder.finish() },
    { precision: 'fp32', exact: true },
  );
  for (const [name, tensor] of Object.entries(slots)) {
    if (name in weights || name === 'mean') await executable.write(name, tensor);
  }
  const outputs = await executable.run('test', feeds, { iteration: 0, learningRate: 0 });
  executable.dispose();
  return outputs['logits'] as HostTensor;
}

function written(network: Network, weights: Weights, mean: HostTensor | null): string {
  const path = join(directory, `${network.name.replaceAll(/\W+/g, '-')}.onnx`);
  const preparation =
    mean === null
      ? null
      : {
          mean: { shape: mean.shape, data: Float32Array.from(mean.data) },
          scale: network.input.scale,
        };
  const metadata = { classes: '["a"]' };
  const bytes = writeOnnx({ network, classes, weights, preparation, metadata, version: '1' });
  writeFileSync(path, bytes);
  return path;
}

function largest(data: ArrayLike<number>): number {
  return Array.from(data).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function deviation(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  const difference = Array.from(found, (value, at) => value - (wanted[at] as number));
  expect(difference.every(Number.isFinite)).toBe(true);
  return largest(difference) / largest(wanted);
}

/** Windows that differ along the axes and at the edges. */
const sliding = { stride: [1, 2], pads: [0, 1, 2, 0], dilation: [2, 1] } as const;
const windowed = { kernel: [3, 2], ...sliding, rounding: 'floor' } as const;
const uneven: Network = {
  name: 'uneven',
  input: { channels: 3, height: 11, width: 9, scale: [1 / 64], mean: 'image' },
  layers: [
    {
      ...{ kind: 'convolution', name: 'conv', inputs: ['data'], outputs: 4, groups: 1 },
      ...{ kernel: [3, 2], ...sliding, weight, bias },
    },
    {
      ...{ kind: 'average-pool', name: 'mean', inputs: ['conv'], includePad: true },
      ...{ ...windowed, dilation: [1, 1] },
    },
    { kind: 'max-pool', name: 'most', inputs: ['mean'], ...windowed, dilation: [1, 1] },
    { kind: 'inner-product', name: 'fc', inputs: ['most'], outputs: 'classes', weight, bias },
  ],
  output: 'fc',
};

const small = ['glyph28', 'tiny32', 'alex64', 'resnet20', 'vit-tiny32'] as const;
const networks: readonly Network[] = [
  uneven,
  residual(images),
  transformer(images, 4),
  ...Array.from({ length: 24 }, (_, seed) => randomNetwork(seed, 14)).map((network) => ({
    ...network,
    input: { ...network.input, scale: [0.01, 0.02, 0.015] },
  })),
  ...small.map((name) => presets[name]),
];

/** Whether a layer other than a parameter depends on no image: nobody trains such networks, and
 *  the reader takes them for constants. */
function computesConstants({ layers }: Network): boolean {
  const varying = new Set(['data']);
  for (const { name, kind, inputs } of layers) {
    const varies = inputs.some((input) => varying.has(input));
    if (!varies && kind !== 'parameter') return true;
    if (varies && kind !== 'broadcast') varying.add(name);
  }
  return false;
}

const runtime = await import('onnxruntime-node').catch((error: unknown) => String(error));

describe.each(networks.map((network) => [network.name, network] as const))('%s', (_, network) => {
  const weights = madeWeights(network);
  const mean = meanOf(network);

  test('onnxruntime makes our logits of its pixels', async ({ skip }) => {
    if (typeof runtime === 'string') return skip(`no onnxruntime-node: ${runtime}`);
    const path = written(network, weights, mean);
    const session = await runtime.InferenceSession.create(path, { logSeverityLevel: 3 });
    expect(session.inputNames).toEqual(['data']);
    const pixels = pixelsOf(network);
    const tensor = new runtime.Tensor('float32', Float32Array.from(pixels.data), [...pixels.shape]);
    const outputs = await session.run({ data: tensor });
    const theirs = Object.values(outputs)[0];
    expect(theirs?.dims).toEqual([batch, classes]);
    const { data } = await ours(network, weights, mean);
    expect(deviation(theirs?.data as Float32Array, data)).toBeLessThan(1e-4);
    // Images differ, or a network that mixes them up would pass.
    expect(deviation(data.slice(classes, 2 * classes), data.slice(0, classes))).toBeGreaterThan(
      1e-5,
    );
  });

  test('is read again as what it was', async ({ skip }) => {
    if (computesConstants(network)) return skip('a layer of it does not depend on the images');
    const read = readOnnx(written(network, weights, null));
    const found = Object.fromEntries(
      [...read.weights].map(([name, { shape, read: numbers }]) => [
        name,
        { dtype: 'f32', shape, data: numbers() } as const,
      ]),
    );
    const { data } = await ours(read.network, found, null);
    const wanted = await ours(network, weights, null);
    expect(deviation(data, wanted.data)).toBeLessThan(1e-5);
  });
});

test('the random networks have every kind of layer', () => {
  const kinds = new Set(networks.flatMap(({ layers }) => layers.map(({ kind }) => kind)));
  expect([...kinds].toSorted()).toEqual([...randomKinds].toSorted());
});

/** Layers without how they start, names replaced by places, numbers as float32 holds them. */
function shapeOf({ layers }: Network): readonly unknown[] {
  const places = new Map(layers.map(({ name }, at) => [name, at]));
  const plain = (value: unknown): unknown => {
    if (typeof value === 'number') return Number(value.toPrecision(6));
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    return 'filler' in value ? 'blob' : value;
  };
  return layers.map(({ inputs, ...fields }) => [
    inputs.map((input) => places.get(input) ?? input),
    Object.entries(fields)
      .toSorted()
      .flatMap(([key, value]) => (key === 'name' ? [] : [[key, plain(value)]])),
  ]);
}

test('enough of the random networks are read again', () => {
  expect(networks.filter((network) => !computesConstants(network)).length).toBeGreaterThan(20);
});

test.each(small)('%s: layers, names of those with weights, and weights are the same', (name) => {
  const network = presets[name];
  const weights = madeWeights(network);
  const read = readOnnx(written(network, weights, null));
  const named = ({ layers }: Network): readonly string[] =>
    layers.filter(({ kind }: Layer) => /convol|inner|norm/.test(kind)).map((each) => each.name);
  // ONNX has no product with a transposed matrix: that of attention is read as a transpose more.
  if (name !== 'vit-tiny32') expect(shapeOf(read.network)).toEqual(shapeOf(network));
  expect(named(read.network)).toEqual(named(network));
  expect(read.classes).toBe(classes);
  for (const [blob, { shape, data }] of Object.entries(weights)) {
    const found = read.weights.get(blob);
    expect(found?.shape, blob).toEqual(shape);
    expect(found?.read(), blob).toEqual(Float32Array.from(data));
  }
});

test('the file says who wrote it, for whom, and has a name for everything', () => {
  const network = presets.tiny32;
  const weights = madeWeights(network);
  const preparation = { mean: { shape: [3], data: new Float32Array([1, 2, 3]) }, scale: [2] };
  const metadata = { classes: '["a","b"]' };
  const bytes = writeOnnx({ network, classes, weights, preparation, metadata, version: '9' });
  const model = fromBinary(ModelProtoSchema, bytes);
  expect(model).toMatchObject({ irVersion: 9n, producerName: 'selffer', producerVersion: '9' });
  expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 20n]]);
  expect(model.metadataProps).toMatchObject([{ key: 'classes', value: '["a","b"]' }]);
  expect(model.graph?.initializer.map((each) => each.name).slice(0, 3)).toEqual([
    'data.mean',
    'data.scale',
    'conv1.weight',
  ]);
  const names = new Set(model.graph?.node.map((each) => each.name));
  for (const { name } of network.layers) expect(names).toContain(name);
});

test('weights that are missing or of another shape are refused by name', () => {
  const network = presets.tiny32;
  const { 'conv1.bias': bias, ...rest } = madeWeights(network);
  const parts = { network, classes, preparation: null, metadata: {}, version: '1' };
  expect(() => writeOnnx({ ...parts, weights: rest })).toThrow(/conv1\.bias: found nothing/);
  const short = { ...bias, shape: [elementCount(bias?.shape ?? []) - 1] } as HostTensor;
  expect(() => writeOnnx({ ...parts, weights: { ...rest, 'conv1.bias': short } })).toThrow(
    /conv1\.bias: found \[\d+\] in its weights, wanted \[\d+\]/,
  );
});
