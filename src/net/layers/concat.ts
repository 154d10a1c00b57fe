// Branches side by side.
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = the inputs one after another along `axis`; 1 = channels. */
export interface ConcatLayer extends LayerBase {
  readonly kind: 'concat';
  readonly axis: number;
}

/** See {@link ConcatLayer}. */
export const concat: LayerRule<ConcatLayer> = {
  inputs: [1, Infinity],
  isWeightLayer: false,
  blobs: () => [],
  // Axis 0 holds the images.
  problems: ({ axis }) => wrongIntegers('axis', axis, 1),
  lower: ({ emitter }, { axis }, inputs) => emitter.apply('concat', { axis }, inputs),
};
