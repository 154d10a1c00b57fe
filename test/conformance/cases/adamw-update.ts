// AdamW's update: values handed back, and slots updated.
import { parseDescriptor } from '../descriptor.js';
import { feed, type Problem, slot, type Wanted } from '../problem.js';

const lines = [
  'adamw oc20ic50lr0.01wd0.01lm1it0',
  'adamw oc80ic70lr0.01wd0.01lm1it0',
  'adamw oc80ic70lr0.001wd0.5lm2it9999',
  'adamw oc50ic70lr0.001wd0lm1it3',
  'adamw oc1ic31lr0.1wd0lm0.5it0',
  // A rate of its own beside the run's.
  'adamw oc80ic70lr0.1wd0.01lm1it3own0.01',
];

/** w', m' and v' in their slots, and once more handed back from feeds. Each is a few roundings of
 *  terms no larger than the largest element. */
export const adamwUpdateProblems: readonly Problem[] = lines.map((line) => {
  const { get } = parseDescriptor(line);
  const shape = [get('oc'), get('ic')];
  const params = {
    lrMult: get('lm'),
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: get('wd'),
    ...(get('own', 0) > 0 ? { rate: 'own' } : {}),
  };
  const wanted: Wanted = { limit: { type: 'norm', factor: 8 } };
  return {
    line,
    fills: ['reals'],
    scalars: { learningRate: get('lr'), own: get('own', 0), iteration: get('it') },
    given: {
      ...{ w: slot(shape), m: slot(shape), v: slot(shape, { positive: true }), dw: feed(shape) },
      ...{ w2: feed(shape), m2: feed(shape), v2: feed(shape, { positive: true }) },
    },
    build: (builder, { w, m, v, dw, w2, m2, v2 }) => {
      const [nextW, nextM, nextV] = builder.emit('adamw_update', params, [w!, m!, v!, dw!]);
      const others = builder.emit('adamw_update', params, [w2!, m2!, v2!, dw!]);
      const [outW, outM, outV] = others;
      return {
        outputs: { outW: outW!, outM: outM!, outV: outV! },
        next: { w: nextW!, m: nextM!, v: nextV! },
      };
    },
    wanted: { w: wanted, m: wanted, v: wanted, outW: wanted, outM: wanted, outV: wanted },
  };
});
