// What ONNX files become: layers, names, weights, notes, and what is said of files that cannot be
// read.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType as Type,
  TensorProtoSchema,
} from 'onnx-buf';
import { expect, test } from 'vitest';
import { readModel } from '../../src/net/formats/onnx/model-file.js';
import { type OnnxDefaults, readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import { bytesOf, type Made, madeModel, node, tensor } from '../made-onnx.js';
import { problemsOf } from '../problems.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-onnx-'));
const shared = new URL('../../../shared/models/', import.meta.url).pathname;

function write(made: Made, name = 'net.onnx'): string {
  const path = join(directory, name);
  writeFileSync(path, bytesOf(madeModel(made)));
  return path;
}

const problems = (work: () => unknown): readonly string[] =>
  problemsOf(work).map(({ message }) => message);

const range = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index / 8 - 1);
const conv = tensor('conv1.weight', [4, 3, 3, 3], range(108));
const convBias = tensor('conv1.bias', [4], [1, 2, 3, 4]);
const fc = tensor('fc.weight', [2, 4 * 36], range(288));
const fcBias = tensor('fc.bias', [2], [5, 6]);
const head = [
  node('Flatten', ['r'], 'f'),
  node('Gemm', ['f', 'fc.weight', 'fc.bias'], 'y', { transB: 1 }),
];
const chain: Made = {
  nodes: [
    node('Conv', ['x', 'conv1.weight', 'conv1.bias'], 'c', { pads: [0, 0, 0, 0] }),
    node('Relu', ['c'], 'r', {}, { name: '/relu1/Relu' }),
    ...head,
  ],
  initializers: [conv, convBias, fc, fcBias],
};

test('a chain becomes a chain; flattening is part of the inner product', () => {
  const { network, weights, classes, inputLayout } = readOnnx(write(chain));
  expect(network.layers).toEqual([
    {
      kind: 'convolution',
      name: 'conv1',
      inputs: ['data'],
      outputs: 4,
      kernel: [3, 3],
      stride: [1, 1],
      pads: [0, 0, 0, 0],
      dilation: [1, 1],
      groups: 1,
      weight: { filler: { type: 'he' }, lrMult: 1, decayMult: 1 },
      bias: { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 0 },
    },
    { kind: 'relu', name: 'relu1', inputs: ['conv1'] },
    {
      kind: 'inner-product',
      name: 'fc',
      inputs: ['relu1'],
      outputs: 'classes',
      weight: { filler: { type: 'xavier' }, lrMult: 1, decayMult: 1 },
      bias: { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 0 },
    },
  ]);
  expect(network).toMatchObject({
    name: 'net',
    input: { channels: 3, height: 8, width: 8 },
    output: 'fc',
  });
  expect([classes, inputLayout]).toEqual([2, 'NCHW']);
  expect([...weights.keys()]).toEqual(['conv1.weight', 'conv1.bias', 'fc.weight', 'fc.bias']);
  expect(weights.get('fc.bias')?.read()).toEqual(new Float32Array([5, 6]));
  expect(weights.get('conv1.weight')).toMatchObject({
    shape: [4, 3, 3, 3],
    tensor: 'conv1.weight',
  });
});

test('weights that lie the other way are turned; factors of a Gemm go into them', () => {
  const turned = tensor('w', [144, 2], range(288));
  const made: Made = {
    nodes: [
      ...chain.nodes.slice(0, 3),
      node('Gemm', ['f', 'w', 'fc.bias'], 'y', { alpha: { float: 2 }, beta: { float: 3 } }),
    ],
    initializers: [conv, convBias, turned, fcBias],
  };
  const { weights, network } = readOnnx(write(made));
  const weight = weights.get(`${network.output}.weight`);
  expect(weight?.shape).toEqual([2, 144]);
  const numbers = range(288);
  expect([...(weight?.read().slice(0, 3) ?? [])]).toEqual(
    [0, 2, 4].map((index) => 2 * (numbers[index] as number)),
  );
  expect(weights.get(`${network.output}.bias`)?.read()).toEqual(new Float32Array([15, 18]));
});

test('weights are read in every type, raw or number by number', () => {
  const path = (data: object): string => {
    const bias = create(TensorProtoSchema, { name: 'fc.bias', dims: [2n], ...data });
    return write({ ...chain, initializers: [conv, convBias, fc, bias] });
  };
  const bias = (data: object): readonly number[] => [
    ...(readOnnx(path(data)).weights.get('fc.bias')?.read() ?? []),
  ];
  const raw = (...bytes: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
  expect(bias({ dataType: Type.FLOAT, floatData: [1.5, -2] })).toEqual([1.5, -2]);
  expect(bias({ dataType: Type.DOUBLE, doubleData: [1.5, -2] })).toEqual([1.5, -2]);
  // 1.5 and -2 in 16 bits: sign, exponent, fraction.
  expect(bias({ dataType: Type.FLOAT16, int32Data: [0x3e00, 0xc000] })).toEqual([1.5, -2]);
  expect(bias({ dataType: Type.FLOAT16, rawData: raw(0x00, 0x3e, 0x00, 0xc0) })).toEqual([1.5, -2]);
  expect(bias({ dataType: Type.FLOAT16, int32Data: [0x0001, 0x7c00] })).toEqual([
    2 ** -24,
    Infinity,
  ]);
  expect(bias({ dataType: Type.BFLOAT16, rawData: raw(0xc0, 0x3f, 0x00, 0xc0) })).toEqual([
    1.5, -2,
  ]);
  expect(problems(() => readOnnx(path({ dataType: Type.STRING, stringData: [] })))).toEqual([
    'tensor "fc.bias" has the element type STRING, which Selffer does not read',
  ]);
  expect(problems(() => readOnnx(path({ dataType: Type.FLOAT, floatData: [1] })))).toEqual([
    'tensor "fc.bias" of the shape [2] has 1 numbers, wanted 2',
  ]);
});

function external(location: string, offset = 4, length?: number): Made {
  const bias = create(TensorProtoSchema, {
    name: 'fc.bias',
    dims: [2n],
    dataType: Type.FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: String(offset) },
      ...(length === undefined ? [] : [{ key: 'length', value: String(length) }]),
    ],
  });
  return { ...chain, initializers: [conv, convBias, fc, bias] };
}

test('weights beside the file are read where they lie', () => {
  writeFileSync(join(directory, 'net.data'), new Uint8Array(new Float32Array([9, 1, 2]).buffer));
  const { weights } = readOnnx(write(external('net.data', 4, 8)));
  expect(weights.get('fc.bias')?.read()).toEqual(new Float32Array([1, 2]));
  mkdirSync(join(directory, 'deep'), { recursive: true });
  expect(problems(() => readOnnx(write(external('net.data', 8))))[0]).toMatch(
    /net\.data has 12 bytes, wanted 16 for the tensor "fc\.bias": it was not copied whole/,
  );
  expect(problems(() => readOnnx(write(external('other.data'))))).toEqual([
    expect.stringMatching(/other\.data, which is not there: copy both files, or export with/),
  ]);
  for (const location of ['../net.data', '/etc/hostname', 'deep/../../x', '', '..']) {
    expect(problems(() => readOnnx(write(external(location))))[0]).toMatch(
      /outside of its folder; wanted a file beside it/,
    );
  }
});

test('what no layer computes is named with its place, all of it at once', () => {
  const made: Made = {
    nodes: [
      node('Conv', ['x', 'conv1.weight'], 'c'),
      node('Resize', ['c'], 'u', {}, { name: 'up' }),
      node('Relu', ['u'], 'r'),
      node('Gelu', ['x'], 'g', {}, { domain: 'com.microsoft', name: 'fused' }),
      node('Einsum', ['r'], 'e', { equation: 'a->a' }, { name: 'einsum' }),
      node('Add', ['e', 'g'], 's'),
      node('Flatten', ['s'], 'f'),
      node('Gemm', ['f', 'fc.weight'], 'y', { transB: 1 }),
    ],
    initializers: [conv, fc],
  };
  expect(problems(() => readOnnx(write(made)))).toEqual([
    'node "up" (Resize, between the weight layers conv1 and fc) is the operator Resize, which no layer of Selffer computes; a network that enlarges its features inside is not supported yet',
    'node "fused" (Gelu, before the first weight layer, fc) is the operator com.microsoft:Gelu, which is not one of ONNX; export the network with the operators of ONNX itself, before another tool optimises it',
    'node "einsum" (Einsum, between the weight layers conv1 and fc) is the operator Einsum, which no layer of Selffer computes; write it as torch.matmul with permute before the export',
  ]);
});

test('nodes that the output does not need may be whatever they are', () => {
  const made = { ...chain, nodes: [...chain.nodes, node('Einsum', ['c'], 'aside')] };
  expect(readOnnx(write(made)).network.layers).toHaveLength(3);
});

test('files that are none, or too old, or too new', () => {
  const path = join(directory, 'broken.onnx');
  writeFileSync(path, 'this is no protobuf at all');
  expect(problems(() => readOnnx(path))[0]).toMatch(/not an ONNX file, or damaged/);
  const whole = readFileSync(write(chain));
  writeFileSync(path, whole.subarray(0, whole.length - 7));
  expect(problems(() => readOnnx(path))[0]).toMatch(/not an ONNX file, or damaged/);
  writeFileSync(path, '');
  expect(problems(() => readOnnx(path))[0]).toMatch(/found no graph in it/);
  expect(() => readOnnx(join(directory, 'none.onnx'))).toThrow(/none\.onnx/);
  expect(problems(() => readOnnx(write({ ...chain, opset: 6 })))[0]).toMatch(
    /found operators of version 6 \(opset\), wanted 7 to 23/,
  );
  expect(problems(() => readOnnx(write({ ...chain, opset: 24 })))[0]).toMatch(/version 24/);
  expect(problems(() => readOnnx(write({ ...chain, input: [1, 8] })))).toEqual([
    'found the inputs x [1,8], wanted one of 4 axes: images',
  ]);
});

test('sizes that the file leaves open are the study’s', () => {
  const read = (defaults: OnnxDefaults) =>
    readOnnx(write({ ...chain, input: ['N', 3, 'h', 'w'] }), defaults);
  expect(read({ height: 8, width: 8 }).network.input).toMatchObject({ height: 8, width: 8 });
  expect(problems(() => read({}))[0]).toMatch(/x \[\?,3,\?,\?\] leaves height and width open/);
  expect(problems(() => read({ height: 9, width: 8 }))[0]).toMatch(
    /node "y" \(Gemm, after the last weight layer, conv1\) multiplies matrices/,
  );
});

test('names of modules come from node names or from the exporter’s scopes', () => {
  const named = (name: string, scopes?: string) => {
    const relu = node(
      'Relu',
      ['c'],
      'r',
      {},
      { name, ...(scopes === undefined ? {} : { scopes }) },
    );
    const made = { ...chain, nodes: [chain.nodes[0]!, relu, ...head] };
    return readOnnx(write(made)).network.layers[1]?.name;
  };
  expect(named('/layer1/layer1.1/relu_1/Relu')).toBe('layer1.1.relu_1');
  expect(named('/features/features.1/features.1.0/block/block.0/Relu')).toBe(
    'features.1.0.block.0',
  );
  expect(named('node_relu_4', "['', 'layer1', 'layer1.1', 'layer1.1.relu', 'relu_4']")).toBe(
    'layer1.1.relu',
  );
  expect(named('node_relu_4', "['', 'relu_4']")).toBe('node_relu_4');
  expect(named('')).toBe('relu');
});

test('a network with folded batch norm says so, with the line that keeps it', () => {
  const second = [
    node('Conv', ['r', 'w2', 'conv1.bias'], 'c2', { pads: [1, 1, 1, 1] }),
    node('Relu', ['c2'], 'r2'),
    node('Flatten', ['r2'], 'f'),
    head[1]!,
  ];
  const made: Made = {
    nodes: [...chain.nodes.slice(0, 2), ...second],
    initializers: [conv, convBias, fc, fcBias, tensor('w2', [4, 4, 3, 3], range(144))],
  };
  const { notes } = readOnnx(write(made));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/2 of its 2 convolutions have a bias and it has no batch norm after/);
  expect(notes[0]).toMatch(/dynamo=True, optimize=False/);
  expect(readOnnx(write({ ...made, producer: 'PaddlePaddle' })).notes).toEqual([]);
});

test('a softmax at the end is left out, and said', () => {
  const nodes = [
    ...chain.nodes.slice(0, 3),
    node('Gemm', ['f', 'fc.weight', 'fc.bias'], 'l', { transB: 1 }),
    node('Softmax', ['l'], 'y'),
  ];
  const { network, notes } = readOnnx(write({ ...chain, nodes }));
  expect(network.output).toBe('fc');
  expect(notes).toEqual(['the Softmax at its end is left out: the loss has its own']);
});

test('what is known of a file survives reading and writing, byte for byte', () => {
  const bytes = bytesOf(madeModel(chain));
  // A field that the schema does not know: number 99, one byte.
  const unknown = Uint8Array.from([...bytes, 0x98, 0x06, 0x2a]);
  const again = toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, unknown));
  expect(Buffer.compare(Buffer.from(again), Buffer.from(unknown))).toBe(0);
});

test.skipIf(!existsSync(shared)).for([
  ['efficientnet-lite0-imagenet-legacy17.onnx', 456],
  ['ppocr-textdirection-mobilenetv3.onnx', 258],
] as const)('%s is read and written byte for byte', ([name, nodes]) => {
  const bytes = readFileSync(join(shared, name));
  const again = toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, bytes));
  expect(Buffer.compare(Buffer.from(again), bytes)).toBe(0);
  const { graph } = readModel(join(shared, name));
  // Without its Constants.
  expect(graph.nodes.length).toBeLessThanOrEqual(nodes);
});
