// Local response normalisation.
import type { LayerBase, LayerRule } from './rule.js';

/** Local response normalisation across channels: x / (k + alpha/size * sum of x^2 over `size`
 *  channels)^beta. */
export interface LrnLayer extends LayerBase {
  readonly kind: 'lrn';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

/** See {@link LrnLayer}. */
export const lrn: LayerRule<LrnLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ size }) => (size % 2 === 1 ? [] : [`size is ${size}, wanted an odd number`]),
  lower: ({ emitter }, { size, alpha, beta, k }, inputs) =>
    emitter.apply('lrn', { size, alpha, beta, k }, inputs),
};
