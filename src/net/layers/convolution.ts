// Convolution, grouped or not.
import { ShapeError } from '../../base/errors.js';
import { wrongIntegers } from '../../base/wrong-integers.js';
import { type Pair, type Sliding, slidingProblems } from '../../tensor/window.js';
import type { Blob } from './blob.js';
import type { LayerBase, LayerRule } from './rule.js';

/** y = x * w + b; w [outputs, C/groups, height, width of the kernel], zero padding.
 *  `outputs: 'classes'` = classes of the target task. */
export interface ConvolutionLayer extends LayerBase, Sliding {
  readonly kind: 'convolution';
  readonly outputs: number | 'classes';
  readonly kernel: Pair;
  readonly groups: number;
  readonly weight: Blob;
  /** null: none, as before a batch norm. */
  readonly bias: Blob | null;
}

/** See {@link ConvolutionLayer}. */
export const convolution: LayerRule<ConvolutionLayer> = {
  inputs: [1, 1],
  isWeightLayer: true,
  blobs: ({ groups, kernel, weight, bias, ...layer }, [input = []], classes) => {
    const outputs = layer.outputs === 'classes' ? classes : layer.outputs;
    const channels = input[1] ?? 0;
    if (channels % groups !== 0 || outputs % groups !== 0) {
      throw new ShapeError(
        `it has ${groups} groups, which divide neither or only one of its ${channels} inputs and ${outputs} outputs`,
      );
    }
    return [
      {
        name: 'weight',
        shape: [outputs, channels / groups, ...kernel],
        role: 'learned',
        ...weight,
      },
      ...(bias === null
        ? []
        : [{ name: 'bias', shape: [outputs], role: 'learned', ...bias } as const]),
    ];
  },
  problems: ({ kernel, groups, outputs, ...sliding }) => [
    ...wrongIntegers('kernel', kernel, 1),
    ...slidingProblems(sliding),
    ...wrongIntegers('groups', groups, 1),
    ...(outputs === 'classes' ? [] : wrongIntegers('outputs', outputs, 1)),
  ],
  lower: ({ emitter }, { stride, pads, dilation, groups }, inputs, blobs) =>
    emitter.apply('convolution', { stride, pads, dilation, groups }, [...inputs, ...blobs]),
};
