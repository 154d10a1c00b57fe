// A part of one axis. A split is several of them.
import { ShapeError } from '../../base/errors.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import { alongAxis } from '../../program/ops/concat.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = elements start, start + step, ... below end of `axis` (step: default 1), all of the other
 *  axes. */
export interface SliceLayer extends LayerBase {
  readonly kind: 'slice';
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** See {@link SliceLayer}. */
export const slice: LayerRule<SliceLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  // Axis 0 holds the images.
  problems: ({ axis, start, end, step }) => [
    ...wrongIntegers('axis', axis, 1),
    ...wrongIntegers('start', start, 0),
    ...wrongIntegers('end', end, start + 1),
    ...wrongIntegers('step', step ?? 1, 1),
  ],
  lower: ({ emitter }, { axis, start, end, step = 1 }, [x]) => {
    const { shape } = emitter.typeOf(x as number);
    if (axis >= shape.length) {
      throw new ShapeError(`its input [${shape.join()}] has no axis ${axis}`);
    }
    return emitter.apply('slice', alongAxis(shape, axis, [start, end, step]), [x as number]);
  },
};
