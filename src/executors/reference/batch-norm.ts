// Batch normalisation over minibatch statistics or stored ones, and their backward ops.
import type { BatchNormParams } from '../../program/ops/params.js';
import type { HostTensor } from '../../tensor/tensor.js';
import { elementCount } from '../../tensor/tensor.js';
import { type Kernel, type KernelCall, reals } from './kernel.js';

/** Calls `visit(element, channel)` for every element of x [N,C,...]. */
function forEachElement(x: HostTensor, visit: (at: number, channel: number) => void): void {
  const channels = x.shape[1] as number;
  const plane = elementCount(x.shape.slice(2));
  for (let at = 0; at < x.data.length; at++) visit(at, Math.floor(at / plane) % channels);
}

/** Adds each element's `term` to its channel's sum. */
function sumByChannel(
  x: HostTensor,
  sums: Float64Array,
  term: (at: number, channel: number) => number,
): void {
  forEachElement(x, (at, channel) => {
    sums[channel] = (sums[channel] as number) + term(at, channel);
  });
}

interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

// Of each channel: 1 / sqrt(variance + epsilon).
function inverseDeviations({ variance }: Statistics, epsilon: number): Float64Array {
  return variance.map((value) => 1 / Math.sqrt(value + epsilon));
}

function normalise(
  { epsilon, hasScale, hasShift }: BatchNormParams,
  x: HostTensor,
  statistics: Statistics,
  affine: readonly HostTensor[],
  y: Float64Array,
): void {
  const inverse = inverseDeviations(statistics, epsilon);
  const scale = hasScale ? reals(affine, 0) : undefined;
  const shift = hasShift ? reals(affine, hasScale ? 1 : 0) : undefined;
  forEachElement(x, (at, channel) => {
    const centred = (x.data[at] as number) - (statistics.mean[channel] as number);
    const normal = centred * (inverse[channel] as number);
    y[at] = normal * (scale?.[channel] ?? 1) + (shift?.[channel] ?? 0);
  });
}

/** See src/program/ops/batch-norm.ts. */
export const batchNorm: Kernel<'batch_norm'> = ({ params, inputs, outputs }) => {
  const [x, ...affine] = inputs as [HostTensor, ...HostTensor[]];
  const [y, mean, variance] = [reals(outputs, 0), reals(outputs, 1), reals(outputs, 2)];
  const count = x.data.length / mean.length;
  sumByChannel(x, mean, (at) => (x.data[at] as number) / count);
  sumByChannel(x, variance, (at, c) => ((x.data[at] as number) - (mean[c] as number)) ** 2 / count);
  normalise(params, x, { mean, variance }, affine, y);
};

/** See src/program/ops/batch-norm.ts. */
export const batchNormInference: Kernel<'batch_norm_inference'> = (call) => {
  const { params, inputs, outputs } = call;
  const [x, , , ...affine] = inputs as [HostTensor, HostTensor, HostTensor, ...HostTensor[]];
  const statistics = { mean: reals(inputs, 1), variance: reals(inputs, 2) };
  normalise(params, x, statistics, affine, reals(outputs, 0));
};

/** @param isMoving whether mean and variance move with x */
function backward(
  call: KernelCall<'batch_norm_backward' | 'batch_norm_inference_backward'>,
  isMoving: boolean,
): void {
  const { params, inputs, outputs } = call;
  const [x] = inputs as [HostTensor];
  const [dy, dx] = [reals(inputs, 1), reals(outputs, 0)];
  const statistics = { mean: reals(inputs, 2), variance: reals(inputs, 3) };
  const { mean } = statistics;
  const inverse = inverseDeviations(statistics, params.epsilon);
  const normal = (at: number, c: number): number =>
    ((x.data[at] as number) - (mean[c] as number)) * (inverse[c] as number);
  const [dscale, dshift] = [new Float64Array(mean.length), new Float64Array(mean.length)];
  sumByChannel(x, dscale, (at, c) => (dy[at] as number) * normal(at, c));
  sumByChannel(x, dshift, (at) => dy[at] as number);
  const scale = params.hasScale ? reals(inputs, 4) : undefined;
  const count = x.data.length / mean.length;
  forEachElement(x, (at, c) => {
    const common = (dshift[c] as number) + normal(at, c) * (dscale[c] as number);
    const slope = (dy[at] as number) - (isMoving ? common / count : 0);
    dx[at] = (scale?.[c] ?? 1) * (inverse[c] as number) * slope;
  });
  if (params.hasScale) reals(outputs, 1).set(dscale);
  if (params.hasShift) reals(outputs, params.hasScale ? 2 : 1).set(dshift);
}

/** See src/program/ops/batch-norm.ts. */
export const batchNormBackward: Kernel<'batch_norm_backward'> = (call) => backward(call, true);

/** See src/program/ops/batch-norm.ts. */
export const batchNormInferenceBackward: Kernel<'batch_norm_inference_backward'> = (call) =>
  backward(call, false);
