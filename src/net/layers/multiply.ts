// Products of branches: gates, and attention to channels.
import type { LayerBase, LayerRule } from './rule.js';

/** y = product of the inputs, element by element; of equal rank, an axis of size 1 is repeated to
 *  the others' size. */
export interface MultiplyLayer extends LayerBase {
  readonly kind: 'multiply';
}

/** See {@link MultiplyLayer}. */
export const multiply: LayerRule<MultiplyLayer> = {
  inputs: [2, Infinity],
  isWeightLayer: false,
  blobs: () => [],
  problems: () => [],
  lower: ({ emitter }, _, inputs) =>
    inputs.reduce((product, input) => emitter.apply('multiply', {}, [product, input])),
};
