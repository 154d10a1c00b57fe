// Max pooling.
import type { Window } from '../../tensor/window.js';
import { type LayerBase, type LayerRule, wrongIntegers } from './rule.js';

/** Maximum over windows; Caffe rounds the number of windows up. */
export interface MaxPoolLayer extends LayerBase, Window {
  readonly kind: 'max-pool';
}

/** See {@link MaxPoolLayer}. */
export const maxPool: LayerRule<MaxPoolLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ kernel, stride, pads, dilation }) => [
    ...wrongIntegers('kernel', kernel, 1),
    ...wrongIntegers('stride', stride, 1),
    ...wrongIntegers('pad', pads, 0),
    ...wrongIntegers('dilation', dilation, 1),
  ],
  lower: ({ emitter }, { kernel, stride, pads, dilation, rounding }, inputs) =>
    emitter.apply('max_pool', { kernel, stride, pads, dilation, rounding }, inputs),
};
