// Clipping by the global norm: its factor over several tensors, and gradients scaled by it.
import { parseDescriptor } from '../descriptor.js';
import { feed, type Problem } from '../problem.js';

const lines = ['clip oc20ic500lim0.5', 'clip oc3ic7lim1e9', 'clip oc33ic5lim2'];

/** The factor of two tensors, and the first scaled by it. */
export const clippingProblems: readonly Problem[] = lines.map((line) => {
  const { get } = parseDescriptor(line);
  const shape = [get('oc'), get('ic')];
  return {
    line,
    fills: ['reals'],
    given: { a: feed(shape), b: feed([get('oc')]) },
    build: (builder, { a, b }) => {
      const factor = builder.apply('clip_factor', { limit: get('lim') }, [a!, b!]);
      return { outputs: { factor, y: builder.apply('scale_by', {}, [a!, factor]) } };
    },
    wanted: {
      factor: { limit: { type: 'relative', factor: 4 } },
      y: { limit: { type: 'relative', factor: 4 } },
    },
  };
});
