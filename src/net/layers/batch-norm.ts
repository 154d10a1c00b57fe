// Batch normalisation.
import { ShapeError } from '../../base/errors.js';
import { elementCount } from '../../tensor/tensor.js';
import type { ValueId } from '../../program/types.js';
import type { Blob, BlobSpec } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = (x - mean) / sqrt(variance + epsilon) * scale + shift for each channel (axis 1) of
 *  [N,C,...]. While it trains and is not frozen, mean and variance are the minibatch's, and the
 *  running ones move by `momentum` of the way to them; else it uses the running ones. */
export interface BatchNormLayer extends LayerBase {
  readonly kind: 'batch-norm';
  readonly epsilon: number;
  /** Share of the new minibatch in the running values, as PyTorch counts (usually 0.1). */
  readonly momentum: number;
  /** null: 1 for every channel. */
  readonly scale: Blob | null;
  /** null: 0 for every channel. */
  readonly shift: Blob | null;
}

/** See {@link BatchNormLayer}. Blobs as PyTorch names them: weight (scale), bias (shift),
 *  running_mean, running_var. The running variance takes the minibatch's unbiased one, divided by
 *  the number of elements less one, as PyTorch's does. */
export const batchNorm: LayerRule<BatchNormLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: ({ scale, shift }, [input = []]) => {
    const shape = [input[1] ?? 0];
    const statistic = (name: string, value: number): BlobSpec => ({
      ...{ name, shape, role: 'statistic', lrMult: 0, decayMult: 0 },
      filler: { type: 'constant', value },
    });
    return [
      ...(scale === null ? [] : [{ name: 'weight', shape, role: 'learned', ...scale } as const]),
      ...(shift === null ? [] : [{ name: 'bias', shape, role: 'learned', ...shift } as const]),
      statistic('running_mean', 0),
      statistic('running_var', 1),
    ];
  },
  problems: ({ epsilon, momentum }) => [
    ...(epsilon > 0 ? [] : [`epsilon is ${epsilon}, wanted > 0`]),
    ...(momentum >= 0 && momentum <= 1
      ? []
      : [`momentum is ${momentum}, wanted 0 <= momentum <= 1`]),
  ],
  lower: ({ emitter, mode, isFrozen, setStatistic }, layer, inputs, blobs) => {
    const { epsilon, momentum, scale, shift } = layer;
    const params = { epsilon, hasScale: scale !== null, hasShift: shift !== null };
    const x = inputs[0] as ValueId;
    const affine = blobs.slice(0, -2);
    const [runningMean, runningVariance] = blobs.slice(-2) as [ValueId, ValueId];
    if (mode === 'test' || isFrozen) {
      const given = [x, runningMean, runningVariance, ...affine];
      return emitter.apply('batch_norm_inference', params, given);
    }
    const { shape } = emitter.typeOf(x);
    const count = elementCount(shape) / (shape[1] as number);
    if (count < 2) {
      throw new ShapeError(
        'a minibatch of one value a channel has no variance, wanted at least 2: a larger batch',
      );
    }
    const outputs = emitter.emit('batch_norm', params, [x, ...affine]);
    const [y, mean, variance] = outputs as [ValueId, ValueId, ValueId];
    const next = (old: ValueId, found: ValueId, factor: number): ValueId =>
      emitter.apply('running_average', { momentum, factor }, [old, found]);
    setStatistic('running_mean', next(runningMean, mean, 1));
    setStatistic('running_var', next(runningVariance, variance, count / (count - 1)));
    return y;
  },
};
