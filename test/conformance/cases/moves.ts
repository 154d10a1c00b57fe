// Concatenation, slices, pads, reshapes and transpositions, out of row-major memory and out of the
// blocks of a convolution.
import type { ProgramBuilder } from '../../../src/program/builder.js';
import type { ValueId } from '../../../src/program/types.js';
import { convolved, emitConvolved } from '../convolved.js';
import { exact, feed, type Given, type Problem, slot, type Wanted } from '../problem.js';

const word = (shape: readonly (number | string)[]): string => shape.join('x');

/** A problem over one x: once as it is fed, once (`conv`) as the result of a 1x1 convolution from 3
 *  channels, which has blocks of channels where oneDNN likes them. */
function bothWays(
  name: string,
  shape: readonly number[],
  apply: (builder: ProgramBuilder, x: ValueId) => ValueId,
): readonly Problem[] {
  const plain: Problem = {
    line: name,
    fills: ['integers', 'reals'],
    given: { x: feed(shape) },
    build: (builder, { x }) => ({ outputs: { y: apply(builder, x!) } }),
    wanted: { y: { ...exact, maxZeros: 0.9 } },
  };
  if (shape.length !== 4) return [plain];
  const wanted: Wanted = { limit: { type: 'sum', factor: 16 }, maxZeros: 0.9 };
  const blocked: Problem = {
    ...plain,
    line: `${name}_conv`,
    given: convolved(shape),
    build: (builder, given) => ({ outputs: { y: apply(builder, emitConvolved(builder, given)) } }),
    wanted: { y: wanted },
  };
  return [plain, blocked];
}

const concats: readonly (readonly [axis: number, shapes: readonly (readonly number[])[]])[] = [
  [
    1,
    [
      [2, 16, 5, 5],
      [2, 32, 5, 5],
    ],
  ],
  [
    1,
    [
      [2, 20, 4, 3],
      [2, 7, 4, 3],
      [2, 16, 4, 3],
    ],
  ],
  [
    0,
    [
      [2, 16, 3, 3],
      [1, 16, 3, 3],
    ],
  ],
  [
    3,
    [
      [2, 16, 3, 3],
      [2, 16, 3, 2],
    ],
  ],
  [
    1,
    [
      [3, 1, 24],
      [3, 16, 24],
    ],
  ],
  [
    2,
    [
      [3, 4, 5],
      [3, 4, 6],
    ],
  ],
  [1, [[3, 7]]],
];

function concatProblem(
  axis: number,
  shapes: readonly (readonly number[])[],
  isConvolved: boolean,
): Problem {
  const given = shapes.map((shape, at) =>
    isConvolved ? convolved(shape, `${at}`) : { [`x${at}`]: feed(shape) },
  );
  return {
    line: `concat${axis}_${shapes.map(word).join('_')}${isConvolved ? '_conv' : ''}`,
    fills: ['integers', 'reals'],
    given: Object.assign({}, ...given) as Record<string, Given>,
    build: (builder, values) => {
      const inputs = shapes.map((_, at) =>
        isConvolved ? emitConvolved(builder, values, `${at}`) : values[`x${at}`]!,
      );
      return { outputs: { y: builder.apply('concat', { axis }, inputs) } };
    },
    wanted: { y: isConvolved ? { limit: { type: 'sum', factor: 16 } } : exact },
  };
}

/** y = the inputs one after another. */
export const concatProblems: readonly Problem[] = concats.flatMap(([axis, shapes]) => [
  concatProblem(axis, shapes, false),
  ...(shapes[0]?.length === 4 ? [concatProblem(axis, shapes, true)] : []),
]);

type Cut = readonly [
  shape: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
];

const cuts: readonly Cut[] = [
  [
    [2, 32, 5, 5],
    [0, 16, 0, 0],
    [2, 32, 5, 5],
    [1, 1, 1, 1],
  ],
  [
    [2, 40, 5, 5],
    [0, 10, 0, 0],
    [2, 30, 5, 5],
    [1, 1, 1, 1],
  ],
  [
    [2, 16, 7, 6],
    [0, 0, 1, 2],
    [2, 16, 6, 6],
    [1, 1, 1, 1],
  ],
  [
    [2, 16, 7, 6],
    [1, 0, 0, 0],
    [2, 16, 7, 6],
    [1, 1, 2, 3],
  ],
  [
    [3, 17, 24],
    [0, 0, 0],
    [3, 1, 24],
    [1, 1, 1],
  ],
  [
    [4, 9],
    [1, 2],
    [4, 9],
    [2, 3],
  ],
];

const cutName = ([shape, ...rest]: Cut): string => [shape, ...rest].map(word).join('_');

/** y = a part of x. */
export const sliceProblems: readonly Problem[] = cuts.flatMap((cut) => {
  const [shape, starts, ends, steps] = cut;
  return bothWays(`slice_${cutName(cut)}`, shape, (builder, x) =>
    builder.apply('slice', { starts, ends, steps }, [x]),
  );
});

/** dx = dy among zeros. */
export const sliceBackwardProblems: readonly Problem[] = cuts.map((cut) => {
  const [xShape, starts, ends, steps] = cut;
  const part = starts.map((start, axis) => Math.ceil((ends[axis]! - start) / steps[axis]!));
  return {
    line: `slice_backward_${cutName(cut)}`,
    fills: ['integers', 'reals'],
    given: { dy: feed(part) },
    build: (builder, { dy }) => ({
      outputs: { dx: builder.apply('slice_backward', { starts, ends, steps, xShape }, [dy!]) },
    }),
    wanted: { dx: { ...exact, maxZeros: 0.97 } },
  };
});

const padded: readonly (readonly [readonly number[], readonly number[], number])[] = [
  [[2, 16, 5, 4], [0, 0, 1, 2, 0, 0, 3, 0], 0],
  [[2, 3, 5, 4], [0, 0, 0, 0, 0, 2, 1, 1], -1.5],
  [[2, 5], [0, 1, 0, 2], 3],
];

/** y = x with a value around it. */
export const padProblems: readonly Problem[] = padded.flatMap(([shape, pads, value]) =>
  bothWays(`pad_${word(shape)}_${word(pads)}_${Math.round(2 * value) + 8}`, shape, (builder, x) =>
    builder.apply('pad', { pads, value }, [x]),
  ),
);

const reshaped: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 20, 3, 5],
    [2, 300],
  ],
  [
    [2, 16, 4, 4],
    [2, 16, 16],
  ],
  [
    [6, 8],
    [2, 3, 4, 2],
  ],
];

/** y = x under another shape. */
export const reshapeProblems: readonly Problem[] = reshaped.flatMap(([shape, to]) =>
  bothWays(`reshape_${word(shape)}_${word(to)}`, shape, (builder, x) =>
    builder.apply('reshape', { shape: to }, [x]),
  ),
);

const transposed: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 16, 4, 5],
    [0, 2, 3, 1],
  ],
  [
    [2, 20, 3, 5],
    [0, 3, 1, 2],
  ],
  [
    [3, 17, 24],
    [0, 2, 1],
  ],
  [
    [3, 5, 4, 6],
    [0, 2, 1, 3],
  ],
  [
    [3, 2, 5, 2, 4, 3],
    [0, 1, 3, 2, 4, 5],
  ],
];

/** y = x with its axes in another order. */
export const transposeProblems: readonly Problem[] = transposed.flatMap(([shape, axes]) =>
  bothWays(`transpose_${word(shape)}_${word(axes)}`, shape, (builder, x) =>
    builder.apply('transpose', { axes }, [x]),
  ),
);

/** y = twice a slot under another shape, computed after the slot was updated: what is read is the
 *  old value. */
export const reshapedSlotProblem: Problem = {
  line: 'reshape_of_a_slot_that_is_updated',
  fills: ['reals'],
  scalars: { learningRate: 1, iteration: 0 },
  given: { w: slot([4, 6]), v: slot([4, 6]), dw: feed([4, 6]) },
  build: (builder, { w, v, dw }) => {
    const params = { lrMult: 1, momentum: 0.5, weightDecay: 0 };
    const rows = builder.apply('reshape', { shape: [1, 24] }, [w!]);
    const [nextW, nextV] = builder.emit('sgd_update', params, [w!, v!, dw!]);
    const y = builder.apply('add', {}, [rows, rows]);
    return { outputs: { y }, next: { w: nextW!, v: nextV! } };
  },
  wanted: { y: exact, w: { limit: { type: 'norm', factor: 8 } } },
};
