// Axes in another order.
import type { LayerBase, LayerRule } from './rule.js';

/** y's axis i is x's axis `axes[i]`, N counted as axis 0. */
export interface TransposeLayer extends LayerBase {
  readonly kind: 'transpose';
  readonly axes: readonly number[];
}

/** See {@link TransposeLayer}. */
export const transpose: LayerRule<TransposeLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ axes }) =>
    axes.every((_, axis) => axes.includes(axis))
      ? []
      : [`axes are ${axes.join(', ')}, wanted each of 0 to ${axes.length - 1} once`],
  lower: ({ emitter }, { axes }, inputs) => emitter.apply('transpose', { axes }, inputs),
};
