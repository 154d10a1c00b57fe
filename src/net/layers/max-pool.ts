// Max pooling.
import { wrongIntegers } from '../../base/wrong-integers.js';
import { slidingProblems, type Window } from '../../tensor/window.js';
import type { LayerBase, LayerRule } from './rule.js';

/** Maximum over windows; Caffe rounds the number of windows up. */
export interface MaxPoolLayer extends LayerBase, Window {
  readonly kind: 'max-pool';
}

/** See {@link MaxPoolLayer}. */
export const maxPool: LayerRule<MaxPoolLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ kernel, ...sliding }) => [
    ...wrongIntegers('kernel', kernel, 1),
    ...slidingProblems(sliding),
  ],
  lower: ({ emitter }, { kernel, stride, pads, dilation, rounding }, inputs) =>
    emitter.apply('max_pool', { kernel, stride, pads, dilation, rounding }, inputs),
};
