// Layer normalisation.
import { ShapeError } from '../../base/errors.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { Emitter } from '../../program/ops/rule.js';
import type { ValueId } from '../../program/types.js';
import { elementCount, type Shape } from '../../tensor/tensor.js';
import type { Blob, BlobSpec } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = (x - mean) / sqrt(variance + epsilon) * w + b, mean and variance (biased) over the last
 *  `axes` axes of one image; w, b of their shape; `null`: without it.
 *  @source Ba, Kiros & Hinton 2016, "Layer normalization" */
export interface LayerNormLayer extends LayerBase {
  readonly kind: 'layer-norm';
  readonly axes: number;
  readonly epsilon: number;
  readonly scale: Blob | null;
  readonly shift: Blob | null;
}

/** See {@link LayerNormLayer}. */
export const layerNorm: LayerRule<LayerNormLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: ({ axes, scale, shift }, [input = []]) => {
    if (axes >= input.length) {
      throw new ShapeError(
        `normalises ${axes} axes, its input [${input.join()}] has ${input.length - 1} beside that of the images`,
      );
    }
    return scaleAndShift(input.slice(-axes), scale, shift);
  },
  problems: ({ axes, epsilon }) => [
    ...wrongIntegers('axes', axes, 1),
    ...(epsilon > 0 ? [] : [`epsilon is ${epsilon}, wanted more than 0`]),
  ],
  lower: ({ emitter }, { axes, epsilon, scale, shift }, [x], blobs) => {
    const { shape } = emitter.typeOf(x as number);
    const size = elementCount(shape.slice(-axes));
    const reshaped = (value: ValueId, to: Shape): ValueId =>
      to.join() === emitter.typeOf(value).shape.join()
        ? value
        : emitter.apply('reshape', { shape: to }, [value]);
    const rows = reshaped(x as number, [...shape.slice(0, -axes), size]);
    const flat = blobs.map((blob) => reshaped(blob, [size]));
    const isWhole = scale !== null && shift !== null;
    const normal = emitter.apply('layer_norm', { epsilon }, [rows, ...(isWhole ? flat : [])]);
    const y = reshaped(normal, shape);
    if (isWhole || blobs.length === 0) return y;
    const one = { kind: scale === null ? 'add' : 'multiply', blob: blobs[0] as ValueId } as const;
    return emitter.apply(one.kind, {}, [y, asRow(emitter, one.blob, shape)]);
  },
};

// A blob of the last axes with axes of size 1 before them.
function asRow(emitter: Emitter, blob: ValueId, x: Shape): ValueId {
  const { shape } = emitter.typeOf(blob);
  const row = [...x.slice(shape.length).map(() => 1), ...shape];
  return emitter.apply('reshape', { shape: row }, [blob]);
}

/** The blobs "weight" and "bias" of a normalisation, as many as there are. */
export function scaleAndShift(
  shape: Shape,
  scale: Blob | null,
  shift: Blob | null,
): readonly BlobSpec[] {
  return [
    ...(scale === null ? [] : [{ name: 'weight', shape, role: 'learned', ...scale } as const]),
    ...(shift === null ? [] : [{ name: 'bias', shape, role: 'learned', ...shift } as const]),
  ];
}
