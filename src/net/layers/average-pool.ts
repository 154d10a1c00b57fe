// Average pooling.
import { wrongIntegers } from '../../base/wrong-integers.js';
import { slidingProblems, type Window } from '../../tensor/window.js';
import type { LayerBase, LayerRule } from './rule.js';

/** Mean over windows; `includePad`: zeros around the image count. */
export interface AveragePoolLayer extends LayerBase, Window {
  readonly kind: 'average-pool';
  readonly includePad: boolean;
}

/** See {@link AveragePoolLayer}. */
export const averagePool: LayerRule<AveragePoolLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ kernel, ...sliding }) => [
    ...wrongIntegers('kernel', kernel, 1),
    ...slidingProblems(sliding),
  ],
  lower: ({ emitter }, layer, inputs) => {
    const { kernel, stride, pads, dilation, rounding, includePad } = layer;
    const params = { kernel, stride, pads, dilation, rounding, includePad };
    return emitter.apply('average_pool', params, inputs);
  },
};
