// Adam with decoupled weight decay.
import { rateScalar } from '../../program/ops/rate-scalar.js';
import { scalar } from '../executor.js';
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/adamw-update.ts. */
export const adamwUpdate: Kernel<'adamw_update'> = ({ params, inputs, outputs, scalars }) => {
  const { lrMult, beta1, beta2, epsilon, weightDecay } = params;
  const [w, m, v, dw] = [0, 1, 2, 3].map((at) => reals(inputs, at)) as Four;
  const [nextW, nextM, nextV] = [reals(outputs, 0), reals(outputs, 1), reals(outputs, 2)];
  const rate = scalar(scalars, rateScalar(params)) * lrMult;
  const t = scalar(scalars, 'iteration') + 1;
  w.forEach((weight, at) => {
    const gradient = dw[at] as number;
    const mean = beta1 * (m[at] as number) + (1 - beta1) * gradient;
    const square = beta2 * (v[at] as number) + (1 - beta2) * gradient ** 2;
    const step = mean / (1 - beta1 ** t) / (Math.sqrt(square / (1 - beta2 ** t)) + epsilon);
    nextM[at] = mean;
    nextV[at] = square;
    nextW[at] = weight - rate * weightDecay * weight - rate * step;
  });
};

type Reals = ReturnType<typeof reals>;
type Four = [Reals, Reals, Reals, Reals];
