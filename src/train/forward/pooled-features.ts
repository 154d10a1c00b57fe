// From what crosses a cut to feature vectors of a bounded length.
import type { Emitter } from '../../program/ops/rule.js';
import type { ValueId } from '../../program/types.js';
import { elementCount } from '../../tensor/tensor.js';

/** Most numbers of a feature vector that pooling can bring about: what has more channels, or is a
 *  vector already, keeps them all. */
const FEATURE_LENGTH = 2048;

/** Emits the features of what crosses a cut, f32 [N,D]. Of [N,C,H,W] the means over a grid of k x k
 *  windows are taken, with the largest k for which C k k is at most {@link FEATURE_LENGTH} (at
 *  least 1); of tokens [N,T,D] the mean over all of them; vectors stay as they are.
 *  @param x f32 [N,...]
 *  @source Zhang, Isola and Efros 2017, Split-Brain Autoencoders, section 4.1: linear classifiers
 *  on features that are brought to about one length (there 9000) by pooling over space */
export function pooledFeatures(emitter: Emitter, x: ValueId): ValueId {
  const { shape } = emitter.typeOf(x);
  const [images = 0, channels = 1, height = 1, width = 1] = shape;
  if (shape.length === 3) {
    return emitter.apply('mean', { axes: [1], keepDims: false }, [x]);
  }
  const pooled = shape.length === 4 ? gridMeans(emitter, x, [channels, height, width]) : x;
  const { shape: left } = emitter.typeOf(pooled);
  if (left.length === 2) return pooled;
  return emitter.apply('reshape', { shape: [images, elementCount(left) / images] }, [pooled]);
}

function gridMeans(
  emitter: Emitter,
  x: ValueId,
  [channels, height, width]: readonly [number, number, number],
): ValueId {
  const side = Math.max(1, Math.floor(Math.sqrt(FEATURE_LENGTH / channels)));
  if (height * width <= Math.max(1, Math.floor(FEATURE_LENGTH / channels))) return x;
  const [down, across] = [windowsOver(height, side), windowsOver(width, side)];
  return emitter.apply(
    'average_pool',
    {
      kernel: [down.size, across.size],
      stride: [down.stride, across.stride],
      pads: [0, 0, 0, 0],
      dilation: [1, 1],
      rounding: 'floor',
      includePad: false,
    },
    [x],
  );
}

/** Windows of one size that cover an axis from its first to its last position; where their number
 *  does not divide its length they overlap. */
function windowsOver(length: number, wanted: number): { size: number; stride: number } {
  const count = Math.min(wanted, length);
  const stride = Math.floor(length / count);
  return { size: length - (count - 1) * stride, stride };
}
