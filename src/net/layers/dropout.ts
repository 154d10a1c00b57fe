// Dropout.
import { streamKey } from '../../base/random-stream.js';
import type { LayerBase, LayerRule } from './rule.js';

/** Training only, frozen or not: zeroes each element with probability `ratio`, scales the rest by
 *  1 / (1 - ratio). */
export interface DropoutLayer extends LayerBase {
  readonly kind: 'dropout';
  readonly ratio: number;
}

/** See {@link DropoutLayer}. */
export const dropout: LayerRule<DropoutLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ ratio }) =>
    ratio >= 0 && ratio < 1 ? [] : [`ratio is ${ratio}, wanted 0 <= ratio < 1`],
  lower: ({ emitter, mode, dropoutStream }, { name, ratio }, inputs) => {
    const x = inputs[0] as number;
    if (mode === 'test') return x;
    const key = streamKey(['dropout', ...dropoutStream, name]);
    const { shape } = emitter.typeOf(x);
    return emitter.apply('multiply', {}, [
      x,
      emitter.apply('dropout_mask', { shape, ratio, key }, []),
    ]);
  },
};
