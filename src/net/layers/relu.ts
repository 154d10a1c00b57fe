// Rectifier.
import type { LayerBase, LayerRule } from './rule.js';

/** y = max(x, 0). */
export interface ReluLayer extends LayerBase {
  readonly kind: 'relu';
}

/** See {@link ReluLayer}. */
export const relu: LayerRule<ReluLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: () => [],
  lower: ({ emitter }, _, inputs) => emitter.apply('relu', {}, inputs),
};
