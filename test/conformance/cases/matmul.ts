// Products of matrices, softmax and layer normalisation.
import { matmulParams } from '../../../src/program/ops/matmul.js';
import { parseDescriptor } from '../descriptor.js';
import { bf16Result, feed, type Limit, type Problem, slot, sumOfProducts } from '../problem.js';

const products = [
  'matmul mb1m5k7l3',
  'matmul mb6m17k32l17n"attention of 16 patches and a class token"',
  'matmul mb6m17k17l32n"its values"',
  'matmul mb3m1k24l10',
  'matmul mb2m33k1l20',
];

/** y = A B with either factor transposed or not; `heads` puts two axes before the matrices. */
export const matmulProblems: readonly Problem[] = products.flatMap((line) =>
  [0, 1, 2, 3].map((which) => matmulProblem(line, (which & 1) === 1, which >= 2)),
);

function matmulProblem(text: string, transposeA: boolean, transposeB: boolean): Problem {
  const { get } = parseDescriptor(text);
  const [mb, m, k, l] = [get('mb'), get('m'), get('k'), get('l')];
  const outer = mb % 2 === 0 ? [mb / 2, 2] : [mb];
  return {
    line: `${text.split('n"')[0]}${transposeA ? 'ta1' : ''}${transposeB ? 'tb1' : ''}`,
    fills: ['integers', 'reals'],
    given: {
      a: feed([...outer, ...(transposeA ? [k, m] : [m, k])]),
      b: feed([...outer, ...(transposeB ? [l, k] : [k, l])]),
    },
    build: (builder, { a, b }) => ({
      outputs: { y: builder.apply('matmul', matmulParams(transposeA, transposeB), [a!, b!]) },
    }),
    wanted: { y: { ...sumOfProducts, bf16: bf16Result } },
  };
}

const rows: readonly (readonly number[])[] = [
  [3, 7],
  [2, 4, 17, 17],
  [5, 33],
  [2, 6, 1],
];

/** y, and dx from dy and y. */
export const softmaxAloneProblems: readonly Problem[] = rows.map((shape) => {
  const limit: Limit = { type: 'norm', factor: 64 };
  return {
    line: `softmax_${shape.join('x')}`,
    fills: ['reals'],
    given: { x: feed(shape, { amplitude: 5 }), dy: feed(shape) },
    build: (builder, { x, dy }) => {
      const y = builder.apply('softmax', {}, [x!]);
      return { outputs: { y, dx: builder.apply('softmax_backward', {}, [dy!, y]) } };
    },
    // Of one number alone dx is 0.
    wanted: { y: { limit }, ...(shape.at(-1) === 1 ? {} : { dx: { limit } }) },
  };
});

const normed: readonly (readonly number[])[] = [
  [3, 24],
  [2, 17, 32],
  [4, 5, 31],
  [6, 3, 2, 64],
];

/** y, mean, variance; dx, dscale and dshift through the executor's own mean and variance. */
export const layerNormProblems: readonly Problem[] = normed.flatMap((shape) =>
  [true, false].map((isScaled) => layerNormProblem(shape, isScaled)),
);

function layerNormProblem(shape: readonly number[], isScaled: boolean): Problem {
  const limit: Limit = { type: 'norm', factor: 64 };
  const params = { epsilon: 1e-5 };
  const size = shape.at(-1) as number;
  const outputs = ['y', 'mean', 'variance', 'dx', ...(isScaled ? ['dscale', 'dshift'] : [])];
  return {
    line: `layer_norm_${shape.join('x')}${isScaled ? '_scaled' : ''}`,
    fills: ['reals'],
    given: {
      ...{ x: feed(shape, { amplitude: 3 }), dy: feed(shape) },
      ...(isScaled && { scale: slot([size]), shift: slot([size]) }),
    },
    build: (builder, { x, dy, scale, shift }) => {
      const affine = scale === undefined || shift === undefined ? [] : [scale, shift];
      const [y, mean, variance] = builder.emit('layer_norm', params, [x!, ...affine]);
      const [dx, dscale, dshift] = builder.emit('layer_norm_backward', params, [
        ...[dy!, x!, mean!, variance!],
        ...affine.slice(0, 1),
      ]);
      const all = { y: y!, mean: mean!, variance: variance!, dx: dx! };
      return { outputs: isScaled ? { ...all, dscale: dscale!, dshift: dshift! } : all };
    },
    wanted: Object.fromEntries(outputs.map((name) => [name, { limit }])),
  };
}
