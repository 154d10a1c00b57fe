// Local response normalisation with its backward op.
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import { feed, type Problem } from '../problem.js';

const lines = [
  'lrn mb1ic32ih16ls5a1e-4b0.75n"tiny32:norm1"',
  'lrn mb2ic64ih8ls5a1e-4b0.75n"tiny32:norm2"',
  'lrn mb1ic64ih14ls5a1e-4b0.75n"alex64:norm1"',
  'lrn mb1ic96ih27ls5a1e-4b0.75n"caffenet:norm1"',
  'lrn mb1ic256ih13ls5a1e-4b0.75n"caffenet:norm2"',
  'lrn mb2ic16ih5ls5a1b0.75n"large alpha"',
  'lrn mb2ic20ih7ls5a2b0.75k2n"20 channels, k 2"',
  'lrn mb2ic31ih5iw3ls3a0.5b0.75n"31 channels, size 3"',
  'lrn mb2ic3ih6ls5a0.5b0.75n"fewer channels than size"',
  'lrn mb1ic16ih6ls5a1b0.5n"beta 0.5"',
];

/** y, and dx through the executor's own s. Three roundings a channel of the window and power, as
 *  benchdnn allows: relative forward; backward is a difference, so by the largest element. */
export const lrnProblems: readonly Problem[] = lines.map((line) =>
  lrnProblem(parseDescriptor(line)),
);

function lrnProblem(descriptor: Descriptor): Problem {
  const { line, get } = descriptor;
  const shape = inputShape(descriptor);
  const params = { size: get('ls'), alpha: get('a'), beta: get('b'), k: get('k', 1) };
  return {
    line,
    fills: ['reals'],
    given: { x: feed(shape, { amplitude: 4 }), dy: feed(shape) },
    build: (builder, { x, dy }) => {
      const [y, s] = builder.emit('lrn', params, [x!]);
      return { outputs: { y: y!, dx: builder.apply('lrn_backward', params, [x!, dy!, s!]) } };
    },
    wanted: {
      y: { limit: { type: 'relative', factor: 6 * params.size } },
      dx: { limit: { type: 'norm', factor: 6 * params.size } },
    },
  };
}
