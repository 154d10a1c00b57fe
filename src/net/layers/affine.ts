// Learned factors and summands that all images share: Caffe's Scale and Bias, layer scale, position
// embeddings.
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { Shape } from '../../tensor/tensor.js';
import type { Blob } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x * w + b; w, b `shape`, which is x's without N, an axis of size 1 repeated: [C,1,1], [T,C].
 *  `null`: without it. */
export interface AffineLayer extends LayerBase {
  readonly kind: 'affine';
  readonly shape: Shape;
  readonly weight: Blob | null;
  readonly bias: Blob | null;
}

/** See {@link AffineLayer}. */
export const affine: LayerRule<AffineLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: ({ shape, weight, bias }) => [
    ...(weight === null ? [] : [{ name: 'weight', shape, role: 'learned', ...weight } as const]),
    ...(bias === null ? [] : [{ name: 'bias', shape, role: 'learned', ...bias } as const]),
  ],
  problems: ({ shape, weight, bias }) => [
    ...wrongIntegers('shape', shape, 1),
    ...(weight === null && bias === null ? ['has neither weight nor bias'] : []),
  ],
  lower: ({ emitter }, { shape, weight }, [x], blobs) => {
    const rows = blobs.map((blob) => emitter.apply('reshape', { shape: [1, ...shape] }, [blob]));
    const [first, second] = rows as [number, number?];
    const scaled = emitter.apply(weight === null ? 'add' : 'multiply', {}, [x as number, first]);
    return second === undefined ? scaled : emitter.apply('add', {}, [scaled, second]);
  },
};
