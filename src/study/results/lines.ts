// Means and intervals for each treatment and n: absolute (the paper's Figure 2) and matched.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { isMeasured, matchNetworks, type MatchedNetwork } from './measured.js';
import type { BaseResult, FamilyResults, LinePoint, MatchedPoint, NetworkResult } from './types.js';
import { type TreatmentKind, treatmentKinds } from '../treatments.js';
import { cellMeans, type Cells, cellsOf, matchedCells, unitValues } from './unit.js';

/** Plain mean accuracy over the measured networks given, with the interval over their units; none
 *  over networks of different numbers of images a class, whose mean is of nothing that could be
 *  drawn again.
 *  @param cells those of the whole summary that they belong to */
export function summarise(
  networks: readonly NetworkResult[],
  cells: Cells = cellsOf(networks),
): BaseResult {
  const measured = networks.filter(isMeasured);
  const values = measured.map((network) => ({ network, value: network.accuracy }));
  const isMixed =
    measured.some(({ family }) => family === 'reduced') &&
    new Set(measured.map(({ imagesPerClass }) => imagesPerClass)).size > 1;
  const interval = isMixed ? null : tInterval(unitValues(cellMeans(values, cells)));
  return {
    mean: mean(measured.map((network) => network.accuracy)),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    networks: measured.length,
    dead: networks.filter((network) => network.state === 'dead').length,
  };
}

/** One point for each treatment (without base) and n that the family plans, whether measured or
 *  not. */
export function buildLines(networks: readonly NetworkResult[]): FamilyResults['lines'] {
  const cells = cellsOf(networks);
  return byTreatment(networks, (n, members): LinePoint => ({ n, ...summarise(members, cells) }));
}

/** The same points as matched differences. */
export function buildMatched(networks: readonly NetworkResult[]): FamilyResults['matched'] {
  const matched = matchNetworks(networks);
  const cells = cellsOf(networks);
  return byTreatment(networks, (n, members): MatchedPoint => {
    const planned = new Set(members);
    const here = matched.filter(({ network }) => planned.has(network));
    const values = matchedUnits(here, cells);
    const interval = tInterval(values);
    return {
      n,
      meanPt: mean(here.map(({ overBasePt }) => overBasePt)),
      lowPt: interval?.low ?? null,
      highPt: interval?.high ?? null,
      networks: here.length,
      units: values.length,
    };
  });
}

/** The units' mean differences to the base, percentage points. */
export function matchedUnits(matched: readonly MatchedNetwork[], cells: Cells): number[] {
  return unitValues(matchedCells(matched, cells));
}

function byTreatment<Point>(
  networks: readonly NetworkResult[],
  point: (n: number, members: readonly NetworkResult[]) => Point,
): Partial<Record<TreatmentKind, Point[]>> {
  const result: Partial<Record<TreatmentKind, Point[]>> = {};
  for (const treatment of treatmentKinds) {
    const members = networks.filter((network) => network.treatment === treatment);
    if (treatment === 'base' || members.length === 0) continue;
    result[treatment] = layersOf(members).map((n) =>
      point(
        n,
        members.filter((network) => network.n === n),
      ),
    );
  }
  return result;
}

/** The values of n among the networks, ascending. */
export function layersOf(networks: readonly NetworkResult[]): number[] {
  return [...new Set(networks.map((network) => network.n))].sort((a, b) => a - b);
}
