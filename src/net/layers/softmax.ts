// Softmax between layers: attention. That of the loss is part of the loss.
import { ShapeError } from '../../base/errors.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = e^x / sum of e^x over `axis`, the last one. */
export interface SoftmaxLayer extends LayerBase {
  readonly kind: 'softmax';
  readonly axis: number;
}

/** See {@link SoftmaxLayer}. */
export const softmax: LayerRule<SoftmaxLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ axis }) => wrongIntegers('axis', axis, 1),
  lower: ({ emitter }, { axis }, inputs) => {
    const { shape } = emitter.typeOf(inputs[0] as number);
    if (axis !== shape.length - 1) {
      throw new ShapeError(
        `axis is ${axis}, wanted the last of [${shape.join()}], ${shape.length - 1}: transpose before it`,
      );
    }
    return emitter.apply('softmax', {}, inputs);
  },
};
