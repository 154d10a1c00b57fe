// Stochastic gradient descent with momentum and weight decay, Caffe's rule.
import { rateScalar } from '../../program/ops/rate-scalar.js';
import { scalar } from '../executor.js';
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/sgd-update.ts. */
export const sgdUpdate: Kernel<'sgd_update'> = ({ params, inputs, outputs, scalars }) => {
  const [w, v, dw] = [reals(inputs, 0), reals(inputs, 1), reals(inputs, 2)];
  const [nextW, nextV] = [reals(outputs, 0), reals(outputs, 1)];
  const rate = scalar(scalars, rateScalar(params)) * params.lrMult;
  for (let at = 0; at < w.length; at++) {
    const gradient = (dw[at] as number) + params.weightDecay * (w[at] as number);
    const velocity = params.momentum * (v[at] as number) + rate * gradient;
    const step = params.nesterov ? params.momentum * velocity + rate * gradient : velocity;
    nextV[at] = velocity;
    nextW[at] = (w[at] as number) - step;
  }
};
