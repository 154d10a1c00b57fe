// Paired tests of one treatment against another, and how small a difference this study could have
// seen.
import { resolvableDifference, tInterval, tTest } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { layersOf } from './lines.js';
import { matchNetworks, type MatchedNetwork } from './measured.js';
import { clusterOf, groupBy } from './order.js';
import type { Comparison, NetworkResult } from './types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../treatments.js';

interface Question {
  readonly treatment: TreatmentKind;
  readonly against: TreatmentKind;
}

// What the table of treatments asks, the most asked first.
const questions: readonly Question[] = treatmentKinds
  .flatMap((treatment) =>
    treatments[treatment].controls.map(({ against, place }) => ({ treatment, against, place })),
  )
  .sort((a, b) => a.place - b.place);

/** For each question that the family can answer: over ranges 1-(L-1), 3-(L-1), 5-(L-1), then at
 *  each n. A cluster's value is the mean of its matched networks of the one treatment minus that of
 *  the other, at the n they share. */
export function buildComparisons(
  networks: readonly NetworkResult[],
  weightLayers: number,
): Comparison[] {
  const matched = matchNetworks(networks);
  return questions.flatMap(({ treatment, against }) => {
    const of = (which: TreatmentKind) =>
      matched.filter(({ network }) => network.treatment === which);
    const [ours, theirs] = [of(treatment), of(against)];
    if (ours.length === 0 || theirs.length === 0) return [];
    const layers = layersOf(ours.map(({ network }) => network));
    const last = weightLayers - 1;
    const ranges = [1, 3, 5].filter((first) => first < last).map((first) => [first, last] as const);
    return [...ranges, ...layers.map((n) => [n, n] as const)].flatMap(([first, end]) => {
      const inRange = ({ network }: MatchedNetwork) => first <= network.n && network.n <= end;
      const differences = pairedDifferences(ours.filter(inRange), theirs);
      if (differences.length === 0) return [];
      const name = first === end ? String(first) : `${first}-${end}`;
      return [compare(treatment, against, name, differences)];
    });
  });
}

// A base or a warm restart has one n of its own: it stands against every n.
function pairedDifferences(
  ours: readonly MatchedNetwork[],
  theirs: readonly MatchedNetwork[],
): number[] {
  const others = groupBy(theirs, ({ network }) => clusterOf(network));
  return [...groupBy(ours, ({ network }) => clusterOf(network))].flatMap(([cluster, members]) => {
    const values = members.flatMap(({ network, overBasePt }) => {
      const same = (others.get(cluster) ?? []).filter(
        ({ network: other }) =>
          treatments[other.treatment].layers !== 'some' || other.n === network.n,
      );
      const reference = mean(same.map((other) => other.overBasePt));
      return reference === null ? [] : [overBasePt - reference];
    });
    const value = mean(values);
    return value === null ? [] : [value];
  });
}

function compare(
  treatment: TreatmentKind,
  against: TreatmentKind,
  layers: string,
  differences: readonly number[],
): Comparison {
  const interval = tInterval(differences);
  const test = tTest(differences);
  return {
    treatment,
    against,
    layers,
    meanPt: mean(differences),
    lowPt: interval?.low ?? null,
    highPt: interval?.high ?? null,
    clusters: differences.length,
    t: test?.t ?? null,
    p: test?.p ?? null,
    resolvablePt: resolvableDifference(differences),
  };
}
