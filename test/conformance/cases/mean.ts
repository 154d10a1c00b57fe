// Means over neighbouring axes with their backward op. from, to: first axis and the one behind the
// last; kd 0: they go.
import { ProgramBuilder } from '../../../src/program/builder.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import { feed, type Problem, type Wanted } from '../problem.js';

const lines = [
  'mean mb2ic16ih8from2to4n"global average pooling"',
  'mean mb2ic20ih7from2to4kd0n"global average pooling to [N,C]"',
  'mean mb3ic12ih5iw7from1to3n"over channels and rows"',
  'mean mb3ic12ih5iw7from3to4kd0n"over columns"',
  'mean mb3ic12ih5iw7from1to2kd0n"over channels"',
  'mean mb4ic31from1to2n"over all of a row"',
  'mean mb2ic8ih4from1to4kd0n"over an image"',
];

const wanted: Wanted = { limit: { type: 'sum', factor: 16 } };

/** y and dx. */
export const meanProblems: readonly Problem[] = lines.map((line) => {
  const descriptor = parseDescriptor(line);
  const { get } = descriptor;
  const xShape = inputShape(descriptor);
  const axes = Array.from({ length: get('to') - get('from') }, (_, i) => get('from') + i);
  const params = { axes, keepDims: get('kd', 1) === 1 };
  const dry = new ProgramBuilder();
  const result = dry.apply('mean', params, [dry.feed('x', { dtype: 'f32', shape: xShape })]);
  return {
    line,
    fills: ['reals'],
    given: { x: feed(xShape), dy: feed(dry.typeOf(result).shape) },
    build: (builder, { x, dy }) => ({
      outputs: {
        y: builder.apply('mean', params, [x!]),
        dx: builder.apply('mean_backward', { ...params, xShape }, [dy!]),
      },
    }),
    wanted: { y: wanted, dx: wanted },
  };
});
