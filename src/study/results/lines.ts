// Means and intervals for each treatment and n: absolute (the paper's Figure 2) and matched.
import { clusterInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { isMeasured, matchNetworks, type MatchedNetwork } from './measured.js';
import { clusterOf } from './order.js';
import type { BaseResult, FamilyResults, LinePoint, MatchedPoint, NetworkResult } from './types.js';
import { type TreatmentKind, treatmentKinds } from '../treatments.js';

/** Plain mean accuracy over the measured networks given, with the interval over their clusters. */
export function summarise(networks: readonly NetworkResult[]): BaseResult {
  const measured = networks.filter(isMeasured);
  const interval = clusterInterval(
    measured.map((network) => ({ cluster: clusterOf(network), value: network.accuracy })),
  );
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
  return byTreatment(networks, (n, members): LinePoint => ({ n, ...summarise(members) }));
}

/** The same points as matched differences. */
export function buildMatched(networks: readonly NetworkResult[]): FamilyResults['matched'] {
  const matched = matchNetworks(networks);
  return byTreatment(networks, (n, members): MatchedPoint => {
    const planned = new Set(members);
    const here = matched.filter(({ network }) => planned.has(network));
    const interval = matchedInterval(here);
    return {
      n,
      meanPt: mean(here.map(({ overBasePt }) => overBasePt)),
      lowPt: interval?.low ?? null,
      highPt: interval?.high ?? null,
      networks: here.length,
    };
  });
}

/** 95 % interval in percentage points over the cluster means of matched networks; null below 3
 *  clusters. */
export function matchedInterval(matched: readonly MatchedNetwork[]) {
  return clusterInterval(
    matched.map(({ network, overBasePt }) => ({ cluster: clusterOf(network), value: overBasePt })),
  );
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
