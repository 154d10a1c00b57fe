// Group normalisation; with one channel a group, instance normalisation.
import { ShapeError } from '../../base/errors.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import { elementCount } from '../../tensor/tensor.js';
import type { Blob } from './blob.js';
import { scaleAndShift } from './layer-norm.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = (x - mean) / sqrt(variance + epsilon) * w + b, mean and variance (biased) over each group of
 *  neighbouring channels (axis 1) of one image, all places; w, b [C]; `null`: without it.
 *  @source Wu & He 2018, "Group normalization" */
export interface GroupNormLayer extends LayerBase {
  readonly kind: 'group-norm';
  readonly groups: number;
  readonly epsilon: number;
  readonly scale: Blob | null;
  readonly shift: Blob | null;
}

/** See {@link GroupNormLayer}. */
export const groupNorm: LayerRule<GroupNormLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: ({ groups, scale, shift }, [input = []]) => {
    const channels = input[1] ?? 0;
    if (channels === 0 || channels % groups !== 0) {
      throw new ShapeError(`has ${groups} groups, which do not divide its ${channels} channels`);
    }
    return scaleAndShift([channels], scale, shift);
  },
  problems: ({ groups, epsilon }) => [
    ...wrongIntegers('groups', groups, 1),
    ...(epsilon > 0 ? [] : [`epsilon is ${epsilon}, wanted more than 0`]),
  ],
  // A group is a row of layer normalisation; factors belong to channels, so they come after it.
  lower: ({ emitter }, { groups, epsilon, scale }, [x], blobs) => {
    const { shape } = emitter.typeOf(x as number);
    const rows = (shape[0] as number) * groups;
    const grouped = [rows, elementCount(shape) / rows];
    const flat = emitter.apply('reshape', { shape: grouped }, [x as number]);
    const normal = emitter.apply('layer_norm', { epsilon }, [flat]);
    const row = shape.map((size, axis) => (axis === 1 ? size : 1));
    return blobs.reduce(
      (y, blob, at) => {
        const factor = emitter.apply('reshape', { shape: row }, [blob]);
        return emitter.apply(at === 0 && scale !== null ? 'multiply' : 'add', {}, [y, factor]);
      },
      emitter.apply('reshape', { shape }, [normal]),
    );
  },
};
