// Adam with decoupled weight decay.
import type { SolverRule } from './rule.js';

/** Settings of {@link adamw}. */
export interface AdamwSettings {
  /** Decay rates of the gradient's running mean and of its square's, both in [0, 1). */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the second moment; above 0. */
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** m' = beta1 m + (1 - beta1) dw; v' = beta2 v + (1 - beta2) dw^2; w' = (1 - lr decay) w - lr
 *  corrected m' / (sqrt(corrected v') + epsilon). See the op `adamw_update`. */
export const adamw: SolverRule<AdamwSettings> = {
  state: ['first-moment', 'second-moment'],
  scalars: (_, learningRate) => ({ learningRate }),
  update: (
    emitter,
    { beta1, beta2, epsilon, weightDecay },
    { lrMult, decayMult, rate },
    { weight, gradient, state },
  ) => {
    const params = {
      ...{ lrMult, beta1, beta2, epsilon, weightDecay: weightDecay * decayMult },
      ...(rate === undefined ? {} : { rate }),
    };
    const inputs = [weight, ...state, gradient];
    const [next, ...nextState] = emitter.emit('adamw_update', params, inputs);
    return { weight: next as number, state: nextState };
  },
};
