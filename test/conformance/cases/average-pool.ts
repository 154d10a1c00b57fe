// Average pooling with its backward op. floor 1: sizes rounded down; ip 1: pads count.
import { positionsOf } from '../../../src/tensor/window.js';
import { inputShape, parseDescriptor, windowOf } from '../descriptor.js';
import { feed, type Problem, type Wanted } from '../problem.js';

const lines = [
  'avgpool mb2ic16ih8kh2sh2floor1n"densenet transition"',
  'avgpool mb2ic24ih9kh3sh1ph1floor1n"inception, pads left out"',
  'avgpool mb2ic24ih9kh3sh1ph1floor1ip1n"inception, pads counted"',
  'avgpool mb3ic3ih7iw9kh3sh2floor1n"last row unread"',
  'avgpool mb2ic16ih8kh3sh2n"hangs over"',
  'avgpool mb2ic16ih8kh3sh2ip1n"hangs over, no pads to count"',
  'avgpool mb2ic16ih8kh3sh2ph1n"hangs over beyond pads left out"',
  'avgpool mb2ic16ih8kh3sh2ph1ip1n"hangs over beyond counted pads"',
  'avgpool mb1ic5ih8iw7kh4kw3sh3sw2ph1pw0ip1n"every axis of its own"',
  'avgpool mb2ic8ih8kh2sh2ph0pb1pw0pr1floor1ip1n"padded below and to the right, counted"',
  'avgpool mb2ic16ih7kh7sh1floor1n"global"',
];

// At most 49 terms; where windows hang over counted pads the factor is one more rounding.
const wanted: Wanted = { limit: { type: 'sum', factor: 16 } };

/** y and dx. Quotients are not exact: reals only. */
export const averagePoolProblems: readonly Problem[] = lines.map((line) => {
  const descriptor = parseDescriptor(line);
  const { get } = descriptor;
  const xShape = inputShape(descriptor);
  const [mb, ic, ih, iw] = xShape as [number, number, number, number];
  const window = windowOf(descriptor, get('floor', 0) === 1 ? 'floor' : 'ceil');
  const params = { ...window, includePad: get('ip', 0) === 1 };
  return {
    line,
    fills: ['reals'],
    given: { x: feed(xShape), dy: feed([mb, ic, ...positionsOf(window, [ih, iw])]) },
    build: (builder, { x, dy }) => ({
      outputs: {
        y: builder.apply('average_pool', params, [x!]),
        dx: builder.apply('average_pool_backward', { ...params, xShape }, [dy!]),
      },
    }),
    wanted: { y: wanted, dx: { ...wanted, maxZeros: 0.8 } },
  };
});
