// The same elements under another shape.
import { ShapeError } from '../../base/errors.js';
import { elementCount, type Shape } from '../../tensor/tensor.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x in row-major order under another shape. `shape` is that of one image and begins with its
 *  rows: of a minibatch of N images it makes [N * shape[0], ...]. So [1, C*H*W] flattens, and [T,
 *  C] makes a row of every token. */
export interface ReshapeLayer extends LayerBase {
  readonly kind: 'reshape';
  readonly shape: Shape;
}

/** See {@link ReshapeLayer}. */
export const reshape: LayerRule<ReshapeLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ shape }) => wrongIntegers('shape', shape, 1),
  lower: ({ emitter }, { shape: [rows = 1, ...rest] }, [x]) => {
    const { shape } = emitter.typeOf(x as number);
    const images = elementCount(shape) / (rows * elementCount(rest));
    if (!Number.isInteger(images)) {
      throw new ShapeError(
        `its input [${shape.join()}] has ${elementCount(shape)} elements, which are no multiple of [${[rows, ...rest].join()}]`,
      );
    }
    return emitter.apply('reshape', { shape: [images * rows, ...rest] }, [x as number]);
  },
};
