// The solver's update: values handed back, and slots updated.
import { parseDescriptor } from '../descriptor.js';
import { feed, type Problem, slot, type Wanted } from '../problem.js';

const lines = [
  'sgd oc32ic27lr0.5mom0.5wd0.25lm1',
  'sgd oc20ic500lr0.01mom0.9wd0.0005lm1',
  'sgd oc1ic31lr0.01mom0.9wd0lm2',
  'sgd oc7ic9lr0.125mom0wd0lm0.5',
  // Nesterov's momentum, and rates that change from run to run; large ones too.
  'sgd oc3ic31lr0.01mom0.9wd0.0005lm1nag1',
  'sgd oc80ic70lr0.01mom0.9wd0.0005lm1nag1',
  'sgd oc80ic70lr0.5mom0.5wd0.25lm2nag1',
  'sgd oc50ic70lr0.01mom0.9wd0lm2nag1',
  'sgd oc50ic70lr0.01mom0wd0.5lm2nag1',
  'sgd oc80ic70lr0.01mom0.9wd0.0005lm1var1',
  'sgd oc80ic70lr0.5mom0.5wd0.25lm1var1',
  'sgd oc50ic70lr0.01mom0.9wd0lm2var1',
  // A rate of its own beside the run's.
  'sgd oc3ic31lr0.5mom0.5wd0.25lm1own0.125',
  'sgd oc80ic70lr0.5mom0.5wd0.25lm1own0.125',
  'sgd oc80ic70lr0.5mom0.9wd0.0005lm1own0.01var1',
];

/** w' and v' in their slots, and once more handed back from feeds. Each is a few roundings of terms
 *  no larger than the largest element. */
export const sgdUpdateProblems: readonly Problem[] = lines.map((line) => {
  const { get } = parseDescriptor(line);
  const shape = [get('oc'), get('ic')];
  const params = {
    ...{ lrMult: get('lm'), momentum: get('mom'), weightDecay: get('wd') },
    ...(get('nag', 0) === 1 ? { nesterov: true as const } : {}),
    ...(get('var', 0) === 1 ? { variesRate: true as const } : {}),
    ...(get('own', 0) > 0 ? { rate: 'own' } : {}),
  };
  // Only powers of two as multipliers leave integers exact.
  const isDyadic = [get('lr'), get('mom'), get('wd'), get('lm')].every((x) => (x * 8) % 1 === 0);
  const wanted: Wanted = { limit: { type: 'norm', factor: 8 } };
  return {
    line,
    fills: isDyadic ? ['integers', 'reals'] : ['reals'],
    scalars: { learningRate: get('lr'), own: get('own', 0), iteration: 0 },
    given: {
      ...{ w: slot(shape), v: slot(shape) },
      ...{ dw: feed(shape), w2: feed(shape), v2: feed(shape) },
    },
    build: (builder, { w, v, dw, w2, v2 }) => {
      const [nextW, nextV] = builder.emit('sgd_update', params, [w!, v!, dw!]);
      const [outW, outV] = builder.emit('sgd_update', params, [w2!, v2!, dw!]);
      return { outputs: { outW: outW!, outV: outV! }, next: { w: nextW!, v: nextV! } };
    },
    wanted: { w: wanted, v: wanted, outW: wanted, outV: wanted },
  };
});
