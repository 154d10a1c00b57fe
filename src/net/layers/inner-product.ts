// Inner product, also called fully connected or dense.
import { elementCount } from '../../tensor/tensor.js';
import type { Blob } from './blob.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x w^T + b on the flattened input; w [outputs, C*H*W]. `outputs: 'classes'` = classes of the
 *  target task. */
export interface InnerProductLayer extends LayerBase {
  readonly kind: 'inner-product';
  readonly outputs: number | 'classes';
  readonly weight: Blob;
  /** null: none, as before a batch norm. */
  readonly bias: Blob | null;
}

/** See {@link InnerProductLayer}. */
export const innerProduct: LayerRule<InnerProductLayer> = {
  inputs: [1, 1],
  isWeightLayer: true,
  blobs: ({ weight, bias, ...layer }, [input = []], classes) => {
    const outputs = layer.outputs === 'classes' ? classes : layer.outputs;
    const columns = elementCount(input.slice(1));
    return [
      { name: 'weight', shape: [outputs, columns], role: 'learned', ...weight },
      ...(bias === null
        ? []
        : [{ name: 'bias', shape: [outputs], role: 'learned', ...bias } as const]),
    ];
  },
  problems: ({ outputs }) => (outputs === 'classes' ? [] : wrongIntegers('outputs', outputs, 1)),
  lower: ({ emitter }, _, inputs, blobs) =>
    emitter.apply('inner_product', {}, [...inputs, ...blobs]),
};
