// Stochastic gradient descent with momentum and weight decay, Caffe's rule.
import type { TensorType } from '../../tensor/tensor.js';
import { rateScalar } from './rate-scalar.js';
import { expectSameTypes, type OpRule } from './rule.js';

/** s = lr * lrMult * (dw + weightDecay * w); v' = momentum * v + s; w' = w - v', with Nesterov's
 *  momentum w' = w - (momentum * v' + s) (Caffe; PyTorch's `nesterov`). The learning rate lies
 *  inside the velocity (Caffe; PyTorch's differs for a moment after each drop of the rate). lr is
 *  the run's scalar {@link rateScalar}. w, v, dw f32 [...] -> w', v' f32 [...]. */
export const sgdUpdate: OpRule<'sgd_update'> = {
  shape: (_, inputs) => {
    expectSameTypes('sgd_update', inputs, 3);
    const [w, v] = inputs as [TensorType, TensorType];
    return [w, v];
  },
  scalars: (params) => [rateScalar(params)],
  gradient: null,
};
