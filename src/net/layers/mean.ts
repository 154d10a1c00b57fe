// Mean over axes.
import { wrongIntegers } from '../../base/wrong-integers.js';
import type { ValueId } from '../../program/types.js';
import type { LayerBase, LayerRule } from './rule.js';

/** Mean over `axes` of [N,...], any but the first; global average pooling is the mean over 2 and 3.
 *  The axes stay with size 1 if `keepDims`, else go. */
export interface MeanLayer extends LayerBase {
  readonly kind: 'mean';
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** See {@link MeanLayer}. */
export const mean: LayerRule<MeanLayer> = {
  inputs: [1, 1],
  isWeightLayer: false,
  blobs: () => [],
  problems: ({ axes }) => [
    ...wrongIntegers('axes', axes, 1),
    ...(axes.length === 0 ? ['axes are none, wanted at least one'] : []),
    ...(new Set(axes).size === axes.length ? [] : [`axes are ${axes.join(', ')}, one is twice`]),
  ],
  // The mean of means over as many elements is the mean; the last run first, so that axes before it
  // keep their numbers.
  lower: ({ emitter }, { axes, keepDims }, inputs) =>
    neighbours(axes)
      .toReversed()
      .reduce(
        (x, run) => emitter.apply('mean', { axes: run, keepDims }, [x]),
        inputs[0] as ValueId,
      ),
};

/** Ascending, in runs of neighbours: 1,3,2,5 -> [1,2,3],[5]. */
function neighbours(axes: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const axis of axes.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1) === axis - 1) last.push(axis);
    else runs.push([axis]);
  }
  return runs;
}
