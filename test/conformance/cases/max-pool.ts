// Max pooling with its backward op. The integer fill is full of ties, which must go to the first
// cell.
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor, windowOf } from '../descriptor.js';
import { exact, feed, type Problem } from '../problem.js';
import { positionsOf } from '../../../src/tensor/window.js';

const lines = [
  'pool mb2ic16ih28kh3sh2n"glyph28:pool1, cut last window"',
  'pool mb2ic32ih14kh3sh2n"glyph28:pool2, cut last window"',
  'pool mb3ic48ih7kh3sh2n"glyph28:pool4, fits"',
  'pool mb1ic32ih32kh3sh2n"tiny32:pool1, cut last window"',
  'pool mb3ic64ih8kh3sh2n"tiny32:pool5, cut last window"',
  'pool mb1ic24ih55kh3sh2n"caffenet:pool1/4, fits"',
  'pool mb1ic64ih27kh3sh2n"caffenet:pool2/4, fits"',
  'pool mb2ic64ih13kh3sh2n"caffenet:pool5/4, fits"',
  'pool mb2ic20ih4kh3sh2n"4x4 to 2x2, 20 channels"',
  'pool mb2ic31ih6kh3sh2n"6x6 to 3x3, 31 channels"',
  'pool mb2ic3ih8kh2sh2n"2/2"',
  'pool mb2ic16ih9iw14kh3sh2n"not square"',
  'pool mb2ic5ih7kh3sh1ph1n"3/1 with padding"',
  'pool mb2ic16ih8kh3sh2ph1n"3/2 with padding"',
  'pool mb1ic16ih9kh2sh2ph1n"last window would start in the padding"',
  'pool mb2ic16ih6kh6sh1n"global"',
  'pool mb2ic16ih14kh3sh2ph1floor1n"3/2 with padding, rounded down"',
  'pool mb2ic16ih14kh3sh2floor1n"last row and column unread"',
  'pool mb1ic8ih10iw9kh3kw2sh2sw3ph1pw0n"every axis of its own"',
  'pool mb2ic16ih8kh2sh2ph0pb1pw0pr1floor1n"padded below and to the right only"',
  'pool mb1ic16ih9kh3sh1dh2floor1n"dilated"',
];

/** y, and dx through the executor's own winners. */
export const maxPoolProblems: readonly Problem[] = lines.map((line) =>
  maxPoolProblem(parseDescriptor(line)),
);

function maxPoolProblem(descriptor: Descriptor): Problem {
  const { line, get } = descriptor;
  const xShape = inputShape(descriptor);
  const [mb, ic, ih, iw] = xShape as [number, number, number, number];
  const window = windowOf(descriptor, get('floor', 0) === 1 ? 'floor' : 'ceil');
  const yShape = [mb, ic, ...positionsOf(window, [ih, iw])];
  return {
    line,
    fills: ['integers', 'reals'],
    given: { x: feed(xShape), dy: feed(yShape) },
    build: (builder, { x, dy }) => {
      const [y, winners] = builder.emit('max_pool', window, [x!]);
      const dx = builder.apply('max_pool_backward', { ...window, xShape }, [dy!, winners!]);
      return { outputs: { y: y!, dx } };
    },
    // At most one cell a window gets a gradient; a cell that wins k^2 windows gets a short sum.
    wanted: {
      y: exact,
      dx: { limit: { type: 'norm', factor: window.kernel[0] * window.kernel[1] }, maxZeros: 0.98 },
    },
  };
}
