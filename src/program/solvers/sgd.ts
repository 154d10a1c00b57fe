// Stochastic gradient descent with momentum, Caffe's rule.
import type { SolverRule } from './rule.js';

/** Settings of {@link sgd}. */
export interface SgdSettings {
  readonly momentum: number;
  readonly weightDecay: number;
  /** Nesterov's momentum; left out: the usual one. */
  readonly nesterov?: boolean;
}

/** v' = momentum * v + lr * lrMult * (dw + weightDecay * decayMult * w); w' = w - v', or
 *  with Nesterov's momentum further along v'. See the op `sgd_update`. */
export const sgd: SolverRule<SgdSettings> = {
  state: ['velocity'],
  scalars: (_, learningRate) => ({ learningRate }),
  update: (
    emitter,
    { momentum, weightDecay, nesterov },
    { lrMult, decayMult, variesRate, rate },
    { weight, gradient, state },
  ) => {
    const params = {
      ...{ lrMult, momentum, weightDecay: weightDecay * decayMult },
      ...(nesterov ? { nesterov: true as const } : {}),
      ...(variesRate ? { variesRate } : {}),
      ...(rate === undefined ? {} : { rate }),
    };
    const [next, ...nextState] = emitter.emit('sgd_update', params, [weight, ...state, gradient]);
    return { weight: next as number, state: nextState };
  },
};
