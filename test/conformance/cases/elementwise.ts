// ReLU with its backward op, sums, products and dropout masks.
import { streamKey } from '../../../src/base/random-stream.js';
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import { exact, feed, type Problem } from '../problem.js';

const shapes = ['mb2ic16ih14', 'mb3ic20ih5iw7', 'mb2ic256', 'mb3ic31', 'mb1ic1'];

function problemsOf(
  kind: string,
  keys: readonly string[],
  make: (descriptor: Descriptor) => Omit<Problem, 'line'>,
): readonly Problem[] {
  return keys.map((key) => {
    const descriptor = parseDescriptor(`${kind} ${key}`);
    return { line: descriptor.line, ...make(descriptor) };
  });
}

/** y = relu(x), dx from dy and y. */
export const reluProblems: readonly Problem[] = problemsOf(
  'relu',
  shapes.slice(0, -1),
  (descriptor) => ({
    fills: ['integers', 'reals'],
    given: { x: feed(inputShape(descriptor)), dy: feed(inputShape(descriptor)) },
    build: (builder, { x, dy }) => {
      const y = builder.apply('relu', {}, [x!]);
      return { outputs: { y, dx: builder.apply('relu_backward', {}, [dy!, y]) } };
    },
    wanted: { y: exact, dx: exact },
  }),
);

/** y = a + b, one rounding. */
export const addProblems: readonly Problem[] = problemsOf('add', shapes, (descriptor) => ({
  fills: ['integers', 'reals'],
  given: { a: feed(inputShape(descriptor)), b: feed(inputShape(descriptor)) },
  build: (builder, { a, b }) => ({ outputs: { y: builder.apply('add', {}, [a!, b!]) } }),
  wanted: { y: { limit: { type: 'relative', factor: 1 }, maxZeros: 0.75 } },
}));

/** y = a b, one rounding. */
export const multiplyProblems: readonly Problem[] = problemsOf('mul', shapes, (descriptor) => ({
  fills: ['integers', 'reals'],
  given: { a: feed(inputShape(descriptor)), b: feed(inputShape(descriptor)) },
  build: (builder, { a, b }) => ({ outputs: { y: builder.apply('multiply', {}, [a!, b!]) } }),
  wanted: { y: { limit: { type: 'relative', factor: 1 }, maxZeros: 0.75 } },
}));

/** The mask, whose values are 0 and the float32 nearest 1 / (1 - ratio) (two roundings allowed),
 *  and a product with it; the iteration `it` is the stream's page. Words lie at both sides of ratio
 *  * 2^32 or the comparison fails. */
export const dropoutMaskProblems: readonly Problem[] = problemsOf(
  'drop',
  [
    'mb3ic256r0.5',
    'mb3ic256r0.5it1',
    'mb2ic31r0.25it7',
    'mb2ic5ih3iw3r0.7',
    'mb3ic33r0.3it5000000000',
  ],
  (descriptor) => {
    const shape = inputShape(descriptor);
    const key = streamKey([descriptor.line]);
    const ratio = descriptor.get('r');
    return {
      fills: ['reals'],
      scalars: { learningRate: 0, iteration: descriptor.get('it', 0) },
      given: { x: feed(shape) },
      build: (builder, { x }) => {
        const mask = builder.apply('dropout_mask', { shape, ratio, key }, []);
        return { outputs: { mask, y: builder.apply('multiply', {}, [x!, mask]) } };
      },
      wanted: {
        mask: { limit: { type: 'relative', factor: 2 }, maxZeros: 0.85 },
        y: { limit: { type: 'relative', factor: 4 }, maxZeros: 0.85 },
      },
    };
  },
);
