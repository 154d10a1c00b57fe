// Folding computes what onnxruntime computes, for every operator that it knows.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeProto, TensorProto } from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { fold } from '../../src/net/formats/onnx/fold/fold.js';
import { arithmetic } from '../../src/net/formats/onnx/fold/arithmetic.js';
import { making } from '../../src/net/formats/onnx/fold/making.js';
import { moving } from '../../src/net/formats/onnx/fold/moving.js';
import { readModel } from '../../src/net/formats/onnx/model-file.js';
import { bytesOf, madeModel, node, tensor } from '../made-onnx.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-folding-'));

interface Case {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly opset?: number;
}

const a = tensor('a', [2, 3], [1.5, -2, 3, 0.25, 5, -6]);
const b = tensor('b', [3], [2, 0.5, -1.5]);
const i = tensor('i', [2, 2], [7, -7, 4, 9], 'int');
const j = tensor('j', [2], [2, -3], 'int');
const t = tensor('t', [2, 3], [1, 0, 1, 1, 0, 0], 'bool');
const positive = tensor('p', [4], [0.5, 1, 2, 3.5]);
const grid = tensor(
  'g',
  [2, 3, 4],
  Array.from({ length: 24 }, (_, index) => index * 0.5 - 4),
);
const ints = (name: string, ...values: number[]): TensorProto =>
  tensor(name, [values.length], values, 'int');
const scalar = (name: string, value: number): TensorProto => tensor(name, [], [value], 'int');

const unary = (op: string, x: TensorProto = a): Case => ({
  nodes: [node(op, [x.name], 'y')],
  initializers: [x],
});
const binary = (op: string, x: TensorProto = a, z: TensorProto = b): Case => ({
  nodes: [node(op, [x.name, z.name], 'y')],
  initializers: [x, z],
});
const of = (made: NodeProto, ...initializers: TensorProto[]): Case => ({
  nodes: [made],
  initializers,
});

/** Cases of every operator that folding computes. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  Add: [binary('Add'), binary('Add', i, j)],
  Sub: [binary('Sub')],
  Mul: [binary('Mul')],
  Div: [binary('Div'), binary('Div', i, tensor('k', [2], [2, 3], 'int'))],
  Mod: [binary('Mod', i, j), of(node('Mod', ['a', 'b'], 'y', { fmod: 1 }), a, b)],
  Pow: [binary('Pow', positive, tensor('e', [1], [1.5]))],
  Min: [binary('Min')],
  Max: [binary('Max')],
  Equal: [binary('Equal', i, tensor('k', [2], [7, 9], 'int'))],
  Less: [binary('Less')],
  LessOrEqual: [binary('LessOrEqual')],
  Greater: [binary('Greater')],
  GreaterOrEqual: [binary('GreaterOrEqual')],
  And: [binary('And', t, tensor('u', [3], [1, 1, 0], 'bool'))],
  Or: [binary('Or', t, tensor('u', [3], [1, 1, 0], 'bool'))],
  Xor: [binary('Xor', t, tensor('u', [3], [1, 1, 0], 'bool'))],
  Not: [unary('Not', t)],
  Neg: [unary('Neg')],
  Abs: [unary('Abs')],
  Sign: [unary('Sign')],
  Sqrt: [unary('Sqrt', positive)],
  Reciprocal: [unary('Reciprocal')],
  Exp: [unary('Exp')],
  Log: [unary('Log', positive)],
  Sin: [unary('Sin')],
  Cos: [unary('Cos')],
  Floor: [unary('Floor')],
  Ceil: [unary('Ceil')],
  Round: [unary('Round', tensor('r', [6], [0.5, 1.5, 2.5, -0.5, -1.5, 1.2]))],
  Relu: [unary('Relu')],
  Sigmoid: [unary('Sigmoid')],
  Tanh: [unary('Tanh')],
  Where: [of(node('Where', ['t', 'a', 'b'], 'y'), t, a, b)],
  Cast: [
    of(node('Cast', ['a'], 'y', { to: 7 }), a),
    of(node('Cast', ['a'], 'y', { to: 9 }), a),
    of(node('Cast', ['i'], 'y', { to: 1 }), i),
  ],
  CastLike: [of(node('CastLike', ['a', 'i'], 'y'), a, i)],
  Clip: [
    of(node('Clip', ['a', 'lo', 'hi'], 'y'), a, tensor('lo', [], [-1]), tensor('hi', [], [2])),
    { ...of(node('Clip', ['a'], 'y', { min: { float: 0 }, max: { float: 2 } }), a), opset: 9 },
  ],
  Softmax: [unary('Softmax')],
  Identity: [unary('Identity')],
  Dropout: [unary('Dropout')],
  Reshape: [
    of(node('Reshape', ['g', 's'], 'y'), grid, ints('s', 0, -1)),
    of(node('Reshape', ['g', 's'], 'y'), grid, ints('s', 4, 3, 2)),
  ],
  Flatten: [of(node('Flatten', ['g'], 'y', { axis: 2 }), grid), unary('Flatten', grid)],
  Squeeze: [
    of(node('Squeeze', ['s'], 'y'), tensor('s', [1, 2, 1], [1, 2])),
    of(node('Squeeze', ['s', 'x2'], 'y'), tensor('s', [1, 2, 1], [1, 2]), ints('x2', -1)),
  ],
  Unsqueeze: [
    of(node('Unsqueeze', ['a', 'x2'], 'y'), a, ints('x2', 0, -1)),
    { ...of(node('Unsqueeze', ['a'], 'y', { axes: [1] }), a), opset: 11 },
  ],
  Transpose: [
    of(node('Transpose', ['g'], 'y', { perm: [2, 0, 1] }), grid),
    unary('Transpose', grid),
  ],
  Slice: [
    of(
      node('Slice', ['g', 's', 'e', 'x2', 'st'], 'y'),
      ...[grid, ints('s', -1, 1), ints('e', -100, 3), ints('x2', 2, 1), ints('st', -2, 1)],
    ),
    { ...of(node('Slice', ['g'], 'y', { starts: [1], ends: [2], axes: [1] }), grid), opset: 9 },
  ],
  Concat: [of(node('Concat', ['a', 'c', 'a'], 'y', { axis: 1 }), a, tensor('c', [2, 1], [8, 9]))],
  Split: [
    of(node('Split', ['g', 's'], ['q', 'y'], { axis: 1 }), grid, ints('s', 1, 2)),
    of(node('Split', ['g'], ['q', 'y'], { axis: 1, num_outputs: 2 }), grid),
  ],
  Gather: [
    of(
      node('Gather', ['g', 'n'], 'y', { axis: 1 }),
      grid,
      tensor('n', [2, 2], [2, 0, -1, 1], 'int'),
    ),
    of(node('Gather', ['g', 'n'], 'y'), grid, scalar('n', 1)),
  ],
  GatherND: [of(node('GatherND', ['g', 'n'], 'y'), grid, tensor('n', [2, 2], [1, 2, 0, 0], 'int'))],
  ScatterND: [
    of(
      node('ScatterND', ['a', 'n', 'v'], 'y'),
      ...[a, tensor('n', [2, 2], [1, 2, 0, 0], 'int'), tensor('v', [2], [70, 80])],
    ),
  ],
  Expand: [of(node('Expand', ['b', 's'], 'y'), b, ints('s', 2, 1))],
  Tile: [of(node('Tile', ['a', 's'], 'y'), a, ints('s', 2, 3))],
  Pad: [
    of(node('Pad', ['a', 's', 'v'], 'y'), a, ints('s', 0, 1, 2, 0), tensor('v', [], [9])),
    of(node('Pad', ['a', 's', '', 'x2'], 'y'), a, ints('s', 1, 2), ints('x2', -1)),
  ],
  ConstantOfShape: [
    of(
      node('ConstantOfShape', ['s'], 'y', { value: tensor('v', [1], [5], 'int') }),
      ints('s', 2, 3),
    ),
    of(node('ConstantOfShape', ['s'], 'y'), ints('s', 2)),
  ],
  Range: [
    of(node('Range', ['f', 'l', 'd'], 'y'), scalar('f', 3), scalar('l', -4), scalar('d', -2)),
  ],
  CumSum: [of(node('CumSum', ['g', 'x2'], 'y'), grid, ints('x2', 1))],
  NonZero: [unary('NonZero', tensor('z', [2, 3], [1, 0, 2, 0, 0, 3]))],
  Trilu: [
    unary('Trilu', grid),
    of(node('Trilu', ['g', 'k'], 'y', { upper: 0 }), grid, scalar('k', 1)),
  ],
  MatMul: [
    binary('MatMul', grid, tensor('m', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8])),
    binary('MatMul', a, b),
  ],
  ReduceSum: [of(node('ReduceSum', ['g', 'x2'], 'y', { keepdims: 0 }), grid, ints('x2', 0, 2))],
  ReduceMean: [
    of(node('ReduceMean', ['g', 'x2'], 'y'), grid, ints('x2', -1)),
    { ...of(node('ReduceMean', ['g'], 'y', { axes: [0] }), grid), opset: 13 },
  ],
  ReduceProd: [unary('ReduceProd', positive)],
  ReduceMax: [unary('ReduceMax', grid)],
  ReduceMin: [of(node('ReduceMin', ['g', 'x2'], 'y'), grid, ints('x2', 1))],
};

test('every operator that folding computes has a case', () => {
  const known = Object.keys({ ...arithmetic, ...moving, ...making });
  expect(Object.keys(cases).toSorted()).toEqual(known.toSorted());
});

test.for(
  Object.entries(cases).flatMap(([op, each]) =>
    each.map((content, index) => [`${op} ${index + 1}`, content] as const),
  ),
)('%s', async ([name, content]) => {
  const path = join(directory, `${name}.onnx`);
  writeFileSync(path, bytesOf(madeModel({ input: [1], ...content })));
  const { graph } = readModel(path);
  const problems: string[] = [];
  const folded = fold(graph, [1], (at, { message }) => problems.push(`${at.op} ${message}`));
  expect(problems).toEqual([]);
  const found = folded.constant('y');
  const session = await ort.InferenceSession.create(path, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new ort.Tensor('float32', [0], [1]) });
  const wanted = Array.from(y?.data as Iterable<number | bigint>, Number);
  expect(found?.dims).toEqual(y?.dims);
  const numbers = [...(found?.numbers() ?? [])];
  expect(numbers).toHaveLength(wanted.length);
  numbers.forEach((value, index) => {
    expect(value).toBeCloseTo(wanted[index] as number, 5);
  });
});
