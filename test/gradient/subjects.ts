// What is differentiated in gradient.test.ts beside chains: small graphs under a loss.
import type { ProgramBuilder } from '../../src/program/builder.js';
import { activationDefaults } from '../../src/program/ops/activation.js';
import type { ActivationFunction, OpName, OpParams } from '../../src/program/ops/params.js';
import type { ValueId } from '../../src/program/types.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import { type Content, filled } from '../conformance/fill.js';
import type { Subject } from './gradient-check.js';

/** A tensor of reals, drawn by its name. */
export function reals(name: string, shape: readonly number[], content: Content = {}): HostTensor {
  return filled(`gradient ${name}`, { dtype: 'f32', shape }, content, 'reals');
}

function labelsOf(rows: number, classes: number): HostTensor {
  const content = { from: -1, below: classes };
  return filled('gradient labels', { dtype: 'i32', shape: [rows] }, content, 'reals');
}

/** `name` says which ops; the chain (or graph) ends in logits. */
export function subject(
  name: string,
  inputs: Readonly<Record<string, HostTensor>>,
  rows: number,
  classes: number,
  logits: (builder: ProgramBuilder, given: Readonly<Record<string, ValueId>>) => ValueId,
  constants: Readonly<Record<string, HostTensor>> = {},
): Subject {
  const labels = labelsOf(rows, classes);
  return {
    name,
    inputs,
    constants: { labels, ...constants },
    build: (builder, given) =>
      builder.apply('softmax_cross_entropy', {}, [logits(builder, given), given['labels']!]),
  };
}

// One op; its result is reshaped to two rows of logits, of which each is multiplied by its own
// factor, so that no gradient is the same in all places.
function alone<K extends OpName>(
  op: K,
  what: string,
  params: OpParams<K>,
  shapes: readonly (readonly number[])[],
  outputSize: number,
): Subject {
  const name = `${op} ${what}`;
  const operands = shapes.map((shape, at) => [
    `x${at}`,
    reals(`${name} ${at}`, shape, { amplitude: 2 }),
  ]);
  const factors = reals(`${name} factors`, [2, outputSize / 2]);
  const inputs = { ...(Object.fromEntries(operands) as Record<string, HostTensor>), factors };
  return subject(name, inputs, 2, outputSize / 2, (builder, given) => {
    const values = shapes.map((_, at) => given[`x${at}`]!);
    const y = builder.apply(op, params, values);
    const rows = builder.apply('reshape', { shape: [2, outputSize / 2] }, [y]);
    return builder.apply('multiply', {}, [rows, given['factors']!]);
  });
}

const activations = (Object.keys(activationDefaults) as ActivationFunction[]).map((f) => {
  const bounds = f === 'clip' ? { alpha: -1, beta: 1.5 } : {};
  return alone('activation', f, { function: f, ...bounds }, [[2, 9]], 18);
});

const layerNorms = [1, 3].map((count) => {
  const shapes = [[2, 3, 5], [5], [5]].slice(0, count);
  return alone('layer_norm', `${count} inputs`, { epsilon: 0.01 }, shapes, 30);
});

const products = [0, 1, 2, 3].map((which) => {
  const [transposeA, transposeB] = [(which & 1) === 1, which >= 2];
  const shapes = [transposeA ? [2, 4, 3] : [2, 3, 4], transposeB ? [2, 5, 4] : [2, 4, 5]];
  return alone('matmul', `${which}`, { transposeA, transposeB }, shapes, 30);
});

const moves = [
  alone(
    'concat',
    'of three',
    { axis: 1 },
    [
      [2, 3, 2],
      [2, 1, 2],
      [2, 2, 2],
    ],
    24,
  ),
  alone(
    'slice',
    'with steps',
    { starts: [0, 1, 0], ends: [2, 4, 5], steps: [1, 1, 2] },
    [[2, 4, 5]],
    18,
  ),
  alone('pad', 'of two axes', { pads: [0, 1, 2, 0], value: 0.5 }, [[2, 4]], 20),
  alone('reshape', 'to other rows', { shape: [3, 4] }, [[2, 6]], 12),
  alone('transpose', 'of three axes', { axes: [2, 0, 1] }, [[2, 3, 2]], 12),
];

const broadcasts = [
  alone(
    'add',
    'of [2,3,4] and [1,3,1]',
    {},
    [
      [2, 3, 4],
      [1, 3, 1],
    ],
    24,
  ),
  alone(
    'add',
    'of [2,1,4] and [1,3,4]',
    {},
    [
      [2, 1, 4],
      [1, 3, 4],
    ],
    24,
  ),
  alone(
    'multiply',
    'of [2,3,4] and [2,3,1]',
    {},
    [
      [2, 3, 4],
      [2, 3, 1],
    ],
    24,
  ),
  alone(
    'multiply',
    'of [1,1,4] and [2,3,4]',
    {},
    [
      [1, 1, 4],
      [2, 3, 4],
    ],
    24,
  ),
  alone('sum_to', '[2,1,4]', { shape: [2, 1, 4] }, [[2, 3, 4]], 8),
  alone('broadcast_to', '[2,3,4]', { shape: [2, 3, 4] }, [[2, 1, 4]], 24),
];

/** Each op alone, then graphs in which one value is read several times. */
export const graphs: readonly Subject[] = [
  ...activations,
  ...layerNorms,
  ...products,
  ...moves,
  ...broadcasts,
  alone('softmax', 'of three axes', {}, [[2, 3, 4]], 24),
  subject(
    'add of two branches and of x to itself',
    { x: reals('add x', [3, 5]), z: reals('add z', [3, 5]) },
    3,
    5,
    (builder, { x, z }) => {
      const twice = builder.apply('add', {}, [x!, x!]);
      return builder.apply('add', {}, [
        twice,
        builder.apply('relu', {}, [builder.apply('add', {}, [twice, z!])]),
      ]);
    },
  ),
  subject(
    'multiply by each side and by itself',
    { x: reals('mul x', [3, 5]), z: reals('mul z', [3, 5]) },
    3,
    5,
    (builder, { x, z }) =>
      builder.apply('multiply', {}, [builder.apply('multiply', {}, [x!, z!]), x!]),
  ),
  subject(
    'batch_norm_inference after an inner_product',
    {
      x: reals('stored x', [4, 3]),
      w: reals('stored w', [5, 3]),
      scale: reals('stored scale', [5]),
      shift: reals('stored shift', [5]),
    },
    4,
    5,
    (builder, { x, w, scale, shift }) => {
      const params = { epsilon: 2, hasScale: true, hasShift: true };
      const vector = { dtype: 'f32', shape: [5] } as const;
      const y = builder.apply('inner_product', {}, [x!, w!]);
      const stored = [y, builder.feed('mean', vector), builder.feed('variance', vector)];
      return builder.apply('batch_norm_inference', params, [...stored, scale!, shift!]);
    },
    { mean: reals('stored mean', [5]), variance: reals('stored variance', [5]) },
  ),
  subject(
    'softmax_cross_entropy alone',
    { x: reals('loss x', [4, 6], { amplitude: 3 }) },
    4,
    6,
    (_, { x }) => x!,
  ),
];
