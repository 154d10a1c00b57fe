// Made-up outcomes of a study whose networks are trained at several learning rates.
import type { NetworkResult, StudyFacts } from '../src/study/results/types.js';
import type { TreatmentKind } from '../src/study/treatments.js';
import { madeAccuracy, makeNetworks } from './made-study.js';

/** The rates of {@link makeRateNetworks}. */
export const madeRates = [0.01, 0.003, 0.03] as const;

/** Facts of their study. */
export const madeRateStudy: StudyFacts = {
  name: 'rates',
  weightLayers: 6,
  statistic: 'final',
  rates: madeRates,
  selection: 0.1,
};

// What a network gains at each rate over the first one, accuracy.
const gains: Partial<Record<TreatmentKind, readonly [number, number, number]>> = {
  base: [0, -0.02, -0.01],
  BnB: [0, -0.03, 0.01],
  AnB: [0, -0.05, 0.04],
  random: [0, -0.03, 0.03],
};

/** Networks of 6 layers whose frozen copies and random features do best at the highest rate; fully
 *  trained ones at the first. On the selection images all do 0.02 better. */
export function makeRateNetworks(splits: number): NetworkResult[] {
  const treatments: readonly TreatmentKind[] = ['base', 'BnB', 'AnB', 'BnB+', 'AnB+', 'random'];
  const first = makeNetworks({ weightLayers: 6, splits, treatments, layers: [1, 3, 5] });
  return first.flatMap((network) =>
    madeRates.map((lr, at): NetworkResult => {
      const gain = (gains[network.treatment] ?? [0, -0.01, -0.02])[at] as number;
      // As a test of some thousand images says it.
      const accuracy = Math.round(1e4 * (madeAccuracy(6)(network) + gain)) / 1e4;
      const name = at === 0 ? network.name : `${network.name}@${lr}`;
      const selectionAccuracy = Math.round(1e4 * (accuracy + 0.02)) / 1e4;
      return { ...network, name, lr, accuracy, finalAccuracy: accuracy, selectionAccuracy };
    }),
  );
}
