// Inner product, also called fully connected or dense.
import { elementCount } from '../../tensor/tensor.js';
import type { ValueId } from '../../program/types.js';
import type { Blob } from './blob.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x w^T + b on the flattened input; w [outputs, C*H*W]. With `over: 'last'`, on the last axis
 *  of [N,...,C] for each place of the others: w [outputs, C], y [N,...,outputs]. `outputs:
 *  'classes'` = classes of the target task. */
export interface InnerProductLayer extends LayerBase {
  readonly kind: 'inner-product';
  readonly outputs: number | 'classes';
  /** Left out: over all axes but the first. */
  readonly over?: 'last';
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
    const columns = elementCount(input.slice(layer.over === 'last' ? -1 : 1));
    return [
      { name: 'weight', shape: [outputs, columns], role: 'learned', ...weight },
      ...(bias === null
        ? []
        : [{ name: 'bias', shape: [outputs], role: 'learned', ...bias } as const]),
    ];
  },
  problems: ({ outputs }) => (outputs === 'classes' ? [] : wrongIntegers('outputs', outputs, 1)),
  lower: ({ emitter }, { over }, inputs, blobs) => {
    const { shape } = emitter.typeOf(inputs[0] as ValueId);
    if (over === undefined || shape.length === 2) {
      return emitter.apply('inner_product', {}, [...inputs, ...blobs]);
    }
    // Each place becomes a row.
    const [outer, columns] = [shape.slice(0, -1), shape.at(-1) as number];
    const rows = emitter.apply('reshape', { shape: [elementCount(outer), columns] }, inputs);
    const y = emitter.apply('inner_product', {}, [rows, ...blobs]);
    const outputs = emitter.typeOf(y).shape[1] as number;
    return emitter.apply('reshape', { shape: [...outer, outputs] }, [y]);
  },
};
