// Rectifier with a learned slope below zero.
import { ShapeError } from '../../base/errors.js';
import type { Blob } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x where x > 0, else w x; w [C], one a channel (axis 1), or [1] for all channels.
 *  @source He et al. 2015, "Delving deep into rectifiers" */
export interface PreluLayer extends LayerBase {
  readonly kind: 'prelu';
  readonly weight: Blob;
  /** One slope for all channels. */
  readonly shared: boolean;
}

/** See {@link PreluLayer}. */
export const prelu: LayerRule<PreluLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: ({ shared, weight }, [input = []]) => {
    if (input.length < 2) throw new ShapeError(`its input [${input.join()}] has no channels`);
    const shape = [shared ? 1 : (input[1] as number)];
    return [{ name: 'weight', shape, role: 'learned', ...weight }];
  },
  problems: () => [],
  // max(x, 0) - w max(-x, 0): what oneDNN has with gradients by x and w.
  lower: ({ emitter }, _, [x], [weight]) => {
    const negated = { function: 'linear', alpha: -1 } as const;
    const opposite = emitter.apply('activation', negated, [x as number]);
    const below = emitter.apply('relu', {}, [opposite]);
    const { shape } = emitter.typeOf(x as number);
    const [slopes = 1] = emitter.typeOf(weight as number).shape;
    const row = shape.map((_size, axis) => (axis === 1 ? slopes : 1));
    const bent = emitter.apply('multiply', {}, [
      below,
      emitter.apply('reshape', { shape: row }, [weight as number]),
    ]);
    return emitter.apply('add', {}, [
      emitter.apply('relu', {}, [x as number]),
      emitter.apply('activation', negated, [bent]),
    ]);
  },
};
