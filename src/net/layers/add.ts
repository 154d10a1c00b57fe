// Sums of branches.
import type { LayerBase, LayerRule } from './rule.js';

/** y = sum of the inputs, each times its coefficient (default 1); of equal rank, an axis of size 1
 *  is repeated to the others' size. */
export interface AddLayer extends LayerBase {
  readonly kind: 'add';
  readonly coefficients?: readonly number[];
}

/** See {@link AddLayer}. */
export const add: LayerRule<AddLayer> = {
  inputs: [2, Infinity],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ coefficients, inputs }) => [
    ...(coefficients === undefined || coefficients.length === inputs.length
      ? []
      : [`has ${coefficients.length} coefficients for ${inputs.length} inputs`]),
    ...((coefficients?.every(Number.isFinite) ?? true) ? [] : ['coefficients are not all numbers']),
  ],
  lower: ({ emitter }, { coefficients }, inputs) =>
    inputs
      .map((input, at) => {
        const alpha = coefficients?.[at] ?? 1;
        if (alpha === 1) return input;
        return emitter.apply('activation', { function: 'linear', alpha }, [input]);
      })
      .reduce((sum, input) => emitter.apply('add', {}, [sum, input])),
};
