// Clipping by the global norm: one factor for all gradients of a network.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, type OpRule, requireParam } from './rule.js';

/** min(1, limit / norm), norm = Euclidean norm of all inputs' elements together (Pascanu, Mikolov
 *  and Bengio 2013; Caffe's clip_gradients). One or more f32 [...] -> f32 [1]. */
export const clipFactor: OpRule<'clip_factor'> = {
  shape: ({ limit }, inputs) => {
    requireParam('clip_factor', limit > 0, `found limit ${limit}, wanted more than 0`);
    const wrong = inputs.find(({ dtype }) => dtype !== 'f32');
    if (wrong !== undefined || inputs.length === 0) {
      const found = wrong === undefined ? 'no inputs' : formatType(wrong);
      throw new ShapeError(`clip_factor: found ${found}, wanted one or more f32 [...]`);
    }
    return [{ dtype: 'f32', shape: [1] }];
  },
  gradient: null,
};

/** y = x * factor. x f32 [...], factor f32 [1] -> f32 [...]. For gradients: it has none itself. */
export const scaleBy: OpRule<'scale_by'> = {
  shape: (_, inputs) => {
    expectInputs('scale_by', inputs, [
      { name: 'x', dtype: 'f32', rank: null },
      { name: 'factor', dtype: 'f32', rank: 1 },
    ]);
    const [x, factor] = inputs as [TensorType, TensorType];
    if (factor.shape[0] !== 1) {
      throw new ShapeError(`scale_by: factor is ${formatType(factor)}, wanted f32 [1]`);
    }
    return [x];
  },
  gradient: null,
};
