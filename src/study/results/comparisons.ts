// Paired tests of one treatment against another, and how small a difference this study could have
// seen.
import { resolvableDifference, tInterval, tTest } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { rangesOf, rangeText } from './layer-ranges.js';
import { layersOf } from './lines.js';
import { matchNetworks, type MatchedNetwork } from './measured.js';
import { groupBy } from './order.js';
import type { Comparison, NetworkResult, SummaryResults } from './types.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../treatments.js';
import {
  type Cells,
  cellsOf,
  type CellValue,
  matchedCells,
  pairedCells,
  unitValues,
} from './unit.js';

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

/** For each question that the family can answer: over ranges 1-(L-1), 3-(L-1), 5-(L-1) of the n
 *  that were trained, then at each n. A cell's value is the mean over n of its matched networks of
 *  the one treatment minus that of the other; the test is over the units (unit.ts). */
export function buildComparisons(
  networks: readonly NetworkResult[],
  weightLayers: number,
): Comparison[] {
  const matched = matchNetworks(networks);
  const cells = cellsOf(networks);
  return questions.flatMap(({ treatment, against }) => {
    const of = (which: TreatmentKind) =>
      matched.filter(({ network }) => network.treatment === which);
    const [ours, theirs] = [of(treatment), of(against)];
    if (ours.length === 0 || theirs.length === 0) return [];
    const layers = layersOf(ours.map(({ network }) => network));
    const ranges = rangesOf(layers, weightLayers).filter((range) => range.length > 1);
    return [...ranges, ...layers.map((n) => [n])].flatMap((range) => {
      const inRange = ({ network }: MatchedNetwork) => range.includes(network.n);
      const differences = pairedDifferences(ours.filter(inRange), theirs, cells);
      return differences.length === 0
        ? []
        : [compare(treatment, against, rangeText(range), differences)];
    });
  });
}

// The differences of the units. A base or a warm restart has one n of its own: it stands against
// every n.
function pairedDifferences(
  ours: readonly MatchedNetwork[],
  theirs: readonly MatchedNetwork[],
  cells: Cells,
): number[] {
  const layers = [...groupBy(ours, ({ network }) => String(network.n)).values()].map((members) => {
    const n = members[0]?.network.n;
    const others = theirs.filter(
      ({ network }) => treatments[network.treatment].layers !== 'some' || network.n === n,
    );
    return pairedCells(matchedCells(members, cells), matchedCells(others, cells));
  });
  return unitValues(meanOverLayers(layers));
}

function meanOverLayers(layers: readonly ReadonlyMap<string, CellValue>[]) {
  const cells = groupBy(
    layers.flatMap((layer) => [...layer]),
    ([key]) => key,
  );
  return new Map(
    [...cells].map(([key, members]): [string, CellValue] => {
      const values = members.map(([, { value }]) => value);
      return [key, { split: members[0]?.[1].split ?? '', value: mean(values) as number }];
    }),
  );
}

/** The comparison over all n of one treatment with another, or at the only n; undefined if the
 *  study cannot make it. */
export function overallComparison(
  { comparisons }: Pick<SummaryResults, 'comparisons'>,
  treatment: TreatmentKind,
  against: TreatmentKind,
): Comparison | undefined {
  return comparisons.find((each) => each.treatment === treatment && each.against === against);
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
