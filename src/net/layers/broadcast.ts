// One tensor for every image.
import { ShapeError } from '../../base/errors.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = its first input, [1,...], once for every row of axis 0 of the second: [N,...]. */
export interface BroadcastLayer extends LayerBase {
  readonly kind: 'broadcast';
  /** Axis 0 is repeated; the one thing that it does today. */
  readonly batch: true;
}

/** See {@link BroadcastLayer}. */
export const broadcast: LayerRule<BroadcastLayer> = {
  inputs: [2, 2],
  isWeightLayer: false,
  blobs: () => [],
  problems: () => [],
  lower: ({ emitter }, _, [what, like]) => {
    const { shape } = emitter.typeOf(what as number);
    const [rows = 1] = emitter.typeOf(like as number).shape;
    if (shape[0] !== 1)
      throw new ShapeError(`its input [${shape.join()}] has ${shape[0]} rows, wanted 1`);
    return emitter.apply('broadcast_to', { shape: shape.with(0, rows) }, [what as number]);
  },
};
