// A learned tensor that depends on no input, such as a class token.
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { Shape } from '../../tensor/tensor.js';
import type { Blob } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = the blob `value`, [1, ...shape]. It stands directly before the layer that reads it, so that
 *  nobody cuts the network between them. */
export interface ParameterLayer extends LayerBase {
  readonly kind: 'parameter';
  readonly shape: Shape;
  readonly value: Blob;
}

/** See {@link ParameterLayer}. */
export const parameter: LayerRule<ParameterLayer> = {
  inputs: [0, 0],
  isWeightLayer: false,
  blobs: ({ shape, value }) => [{ name: 'value', shape, role: 'learned', ...value }],
  problems: ({ shape }) => wrongIntegers('shape', shape, 1),
  lower: ({ emitter }, { shape }, _, [value]) =>
    emitter.apply('reshape', { shape: [1, ...shape] }, [value as number]),
};
