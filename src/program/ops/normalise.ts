// Pixels to network input.
import { ShapeError } from '../../base/errors.js';
import { formatType, type TensorType } from '../../tensor/tensor.js';
import { expectInputs, nchw, type OpRule, requireParam } from './rule.js';

/** x = (crop - mean at the crop's place) * scale (of all channels, or of each its own). The crop
 *  comes already cut out and mirrored; window row n holds its top, left and whether it was mirrored
 *  (0/1), and the mean is read through the same window and mirror. crops u8 [N,C,h,w], windows i32
 *  [N,3], mean f32 [C,H,W] (H >= h, W >= w) -> x f32 [N,C,h,w]. */
export const normalise: OpRule<'normalise'> = {
  shape: ({ scale }, inputs) => {
    expectInputs('normalise', inputs, [
      { name: 'crops', dtype: 'u8', rank: 4 },
      { name: 'windows', dtype: 'i32', rank: 2 },
      { name: 'mean', dtype: 'f32', rank: 3 },
    ]);
    const [crops, windows, mean] = inputs as [TensorType, TensorType, TensorType];
    const [n, c, h, w] = nchw(crops.shape);
    const [mc, mh, mw] = mean.shape as readonly [number, number, number];
    if (windows.shape[0] !== n || windows.shape[1] !== 3 || mc !== c || mh < h || mw < w) {
      throw new ShapeError(
        `normalise: crops ${formatType(crops)}, windows ${formatType(windows)} and mean ${formatType(mean)} do not fit`,
      );
    }
    requireParam(
      'normalise',
      scale.length === 1 || scale.length === c,
      `has ${scale.length} scales for ${c} channels, wanted one or one a channel`,
    );
    return [{ dtype: 'f32', shape: crops.shape }];
  },
  gradient: null,
};
