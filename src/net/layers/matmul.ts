// Products of two branches as matrices: attention.
import { matmulParams } from '../../program/ops/matmul.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = A B on the last two axes, the others alike; see the op `matmul`. */
export interface MatmulLayer extends LayerBase {
  readonly kind: 'matmul';
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** See {@link MatmulLayer}. */
export const matmul: LayerRule<MatmulLayer> = {
  inputs: [2, 2],
  isWeightLayer: false,
  blobs: () => [],
  problems: () => [],
  lower: ({ emitter }, { transposeA = false, transposeB = false }, inputs) =>
    emitter.apply('matmul', matmulParams(transposeA, transposeB), inputs),
};
