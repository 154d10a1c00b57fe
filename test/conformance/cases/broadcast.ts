// Sums and products whose operands are repeated, and the two directions of broadcasting.
import { convolved, emitConvolved } from '../convolved.js';
import { exact, feed, type Problem, type Wanted } from '../problem.js';

/** Shapes of the two operands. */
type Pair = readonly [readonly number[], readonly number[]];

const pairs: readonly Pair[] = [
  [
    [2, 16, 7, 7],
    [2, 16, 1, 1],
  ],
  [
    [2, 20, 5, 3],
    [1, 20, 1, 1],
  ],
  [
    [3, 32, 6, 6],
    [3, 1, 6, 6],
  ],
  [
    [3, 17, 4],
    [1, 17, 4],
  ],
  [
    [3, 17, 24],
    [1, 1, 24],
  ],
  [
    [2, 5, 7],
    [2, 5, 1],
  ],
  [
    [1, 4, 9],
    [3, 4, 9],
  ],
  [
    [4, 1, 6],
    [1, 5, 6],
  ],
  [
    [2, 3, 1, 5],
    [1, 3, 4, 1],
  ],
  [
    [6, 9],
    [1, 1],
  ],
];

const word = (shape: readonly number[]): string => shape.join('x');

function binaryProblems(op: 'add' | 'multiply'): readonly Problem[] {
  const wanted: Wanted = { limit: { type: 'relative', factor: 1 } };
  const fed = pairs.map(([a, b]): Problem => ({
    line: `${op}_${word(a)}_${word(b)}`,
    fills: ['integers', 'reals'],
    given: { a: feed(a), b: feed(b) },
    build: (builder, given) => ({
      outputs: { y: builder.apply(op, {}, [given['a']!, given['b']!]) },
    }),
    wanted: { y: wanted },
  }));
  const blocked = besideBlocks.map(([a, b]): Problem => ({
    line: `${op}_${word(a)}_${word(b)}_conv`,
    fills: ['integers', 'reals'],
    given: { ...convolved(a), other: feed(b) },
    build: (builder, given) => ({
      outputs: { y: builder.apply(op, {}, [emitConvolved(builder, given), given['other']!]) },
    }),
    wanted: { y: { limit: { type: 'sum', factor: 16 } } },
  }));
  return [...fed, ...blocked];
}

// The first operand in blocks of channels, padded ones too; the second broadcast on every axis.
const besideBlocks: readonly Pair[] = [16, 20, 6].flatMap((channels) =>
  [
    [2, channels, 1, 1],
    [1, channels, 1, 1],
    [2, 1, 5, 3],
    [1, channels, 5, 3],
    [1, channels, 1, 3],
    [1, 1, 1, 1],
  ].map((other): Pair => [[2, channels, 5, 3], other]),
);

/** y = a + b, one rounding. */
export const broadcastAddProblems = binaryProblems('add');

/** y = a b, one rounding. */
export const broadcastMultiplyProblems = binaryProblems('multiply');

/** Large shape, small shape. */
const resized: readonly Pair[] = [
  ...pairs.slice(0, 6),
  [
    [8, 16, 3, 5],
    [1, 1, 1, 1],
  ],
  [
    [4, 6, 5, 7],
    [1, 6, 1, 7],
  ],
  [
    [1, 8, 5],
    [1, 8, 5],
  ],
];

/** y = sum of x over some axes. */
export const sumToProblems: readonly Problem[] = resized.map(([large, small]) => ({
  line: `sum_${word(large)}_${word(small)}`,
  fills: ['integers', 'reals'],
  given: { x: feed(large) },
  build: (builder, { x }) => ({ outputs: { y: builder.apply('sum_to', { shape: small }, [x!]) } }),
  wanted: { y: { limit: { type: 'sum', factor: 16 } } },
}));

/** y = x repeated. */
export const broadcastToProblems: readonly Problem[] = resized.map(([large, small]) => ({
  line: `repeat_${word(small)}_${word(large)}`,
  fills: ['integers', 'reals'],
  given: { x: feed(small, { span: 8 }) },
  build: (builder, { x }) => ({
    outputs: { y: builder.apply('broadcast_to', { shape: large }, [x!]) },
  }),
  wanted: { y: { ...exact, maxZeros: 1 } },
}));
