// Constant padding of any axis.
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x with copies of `value` around it: `pads` before each axis, N counted as axis 0, then after
 *  each. */
export interface PadLayer extends LayerBase {
  readonly kind: 'pad';
  readonly pads: readonly number[];
  readonly value: number;
}

/** See {@link PadLayer}. */
export const pad: LayerRule<PadLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ pads, value }) => [
    ...wrongIntegers('pads', pads, 0),
    ...(pads[0] === 0 && pads[pads.length / 2] === 0 ? [] : ['pads the images, wanted 0 there']),
    ...(Number.isFinite(value) ? [] : [`value is ${value}, wanted a finite number`]),
  ],
  lower: ({ emitter }, { pads, value }, inputs) => emitter.apply('pad', { pads, value }, inputs),
};
