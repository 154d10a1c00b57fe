// Adam with decoupled weight decay.
import type { TensorType } from '../../tensor/tensor.js';
import { rateScalar } from './rate-scalar.js';
import { expectSameTypes, type OpRule, requireParam } from './rule.js';

/** With t = iteration + 1 and r = lr * lrMult: m' = beta1 * m + (1 - beta1) * dw; v' = beta2 * v +
 *  (1 - beta2) * dw^2; w' = (1 - r * weightDecay) * w - r * (m' / (1 - beta1^t)) / (sqrt(v' / (1 -
 *  beta2^t)) + epsilon). Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), as
 *  PyTorch's AdamW. lr and iteration are the run's scalars {@link rateScalar} and `iteration`; r *
 *  weightDecay must stay below 1. w, m, v, dw f32 [...] -> w', m', v' f32 [...]. */
export const adamwUpdate: OpRule<'adamw_update'> = {
  shape: ({ beta1, beta2, epsilon }, inputs) => {
    requireParam(
      'adamw_update',
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0,
      `found beta1 ${beta1}, beta2 ${beta2}, epsilon ${epsilon}, wanted betas in [0, 1) and an epsilon above 0`,
    );
    expectSameTypes('adamw_update', inputs, 4);
    const [w, m, v] = inputs as [TensorType, TensorType, TensorType];
    return [w, m, v];
  },
  scalars: (params) => [rateScalar(params), 'iteration'],
  gradient: null,
};
