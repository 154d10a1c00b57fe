// Made-up outcomes of a study whose targets have sizes of their own.
import type { Family, NetworkResult } from '../src/study/results/types.js';
import type { TreatmentKind } from '../src/study/treatments.js';
import { makeNetworks } from './made-study.js';

const treatments: readonly TreatmentKind[] = ['base', 'BnB', 'AnB', 'AnB+'];

/** What {@link makeSizedNetworks} varies. */
export interface MadeSizes {
  readonly splits: number;
  readonly repeats?: number;
  readonly family?: Family;
  /** Gain over the base of a network, Pt. */
  readonly gain: (network: NetworkResult, size: number | null) => number;
  readonly sizes: readonly (number | null)[];
}

/** Networks of a study whose sources have all images, and whose bases have 0.4 + size / 1000. */
export function makeSizedNetworks({
  splits,
  repeats = 1,
  family = 'random-halves',
  gain,
  sizes,
}: MadeSizes) {
  const ordinary = makeNetworks({ weightLayers: 6, splits, repeats, treatments, layers: [1, 3] });
  return sizes.flatMap((size) =>
    ordinary.map((each): NetworkResult => {
      const over = each.treatment === 'base' ? 0 : gain(each, size);
      const accuracy = 0.4 + (size ?? 200) / 1000 + over / 100;
      const network = { ...each, family, accuracy, finalAccuracy: accuracy, imagesPerClass: size };
      if (size === null) return network;
      const split = `${each.split}-k${String(size).padStart(4, '0')}`;
      return {
        ...network,
        name: each.name.replace(each.split, split),
        split,
        family: 'target-size',
        sizeOf: { family, split: each.split },
      };
    }),
  );
}
