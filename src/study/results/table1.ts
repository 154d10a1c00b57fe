// Table 1 of the paper: what fine-tuned transfer gains over the base and over the fine-tuned
// selffer; and, which the paper lacks, the same matched by target and against the warm restart.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { matchedInterval, summarise } from './lines.js';
import { matchNetworks, type MatchedNetwork, referenceBases } from './measured.js';
import { clusterOf, groupBy } from './order.js';
import type { NetworkResult, Table1Row } from './types.js';
import type { TreatmentKind } from '../treatments.js';

/** Rows 1-(L-1), 3-(L-1), 5-(L-1), as far as L = `weightLayers` allows. Pooled over networks, not
 *  over layers' means. */
export function buildTable1(networks: readonly NetworkResult[], weightLayers: number): Table1Row[] {
  const last = weightLayers - 1;
  return [1, 3, 5].filter((first) => first <= last).map((first) => buildRow(networks, first, last));
}

function buildRow(networks: readonly NetworkResult[], first: number, last: number): Table1Row {
  const matched = matchNetworks(networks);
  const pick = (treatment: TreatmentKind) => {
    const isPicked = (network: NetworkResult) =>
      network.treatment === treatment &&
      (treatment === 'warm-restart' || (first <= network.n && network.n <= last));
    return {
      pooled: summarise(networks.filter(isPicked)),
      matched: matched.filter(({ network }) => isPicked(network)),
    };
  };
  const [tuned, selffer, restart] = [pick('AnB+'), pick('BnB+'), pick('warm-restart')];
  const base = summarise(referenceBases(networks));
  const overSelffer = difference(tuned.matched, selffer.matched);
  const overRestart = difference(tuned.matched, restart.matched);
  const overBase = matchedInterval(tuned.matched);
  return {
    layers: `${first}-${last}`,
    overBasePt: points(tuned.pooled.mean, base.mean),
    overSelfferPt: points(tuned.pooled.mean, selffer.pooled.mean),
    matchedOverBasePt: mean(tuned.matched.map(({ overBasePt }) => overBasePt)),
    matchedOverBaseLowPt: overBase?.low ?? null,
    matchedOverBaseHighPt: overBase?.high ?? null,
    matchedOverSelfferPt: overSelffer.meanPt,
    matchedOverSelfferLowPt: overSelffer.lowPt,
    matchedOverSelfferHighPt: overSelffer.highPt,
    matchedOverWarmRestartPt: overRestart.meanPt,
    matchedOverWarmRestartLowPt: overRestart.lowPt,
    matchedOverWarmRestartHighPt: overRestart.highPt,
    networks: tuned.pooled.networks,
    selfferNetworks: selffer.pooled.networks,
  };
}

function points(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : 100 * (a - b);
}

// Mean matched a minus mean matched b; the interval is over clusters that have both, so that what a
// cluster's networks share (data, base) cancels.
function difference(a: readonly MatchedNetwork[], b: readonly MatchedNetwork[]) {
  const [means, others] = [clusterMeansOf(a), clusterMeansOf(b)];
  const paired = [...means].flatMap(([cluster, value]) => {
    const other = others.get(cluster);
    return other === undefined ? [] : [value - other];
  });
  const interval = tInterval(paired);
  const [meanA, meanB] = [a, b].map((side) => mean(side.map(({ overBasePt }) => overBasePt)));
  return {
    meanPt: meanA == null || meanB == null ? null : meanA - meanB,
    lowPt: interval?.low ?? null,
    highPt: interval?.high ?? null,
  };
}

function clusterMeansOf(matched: readonly MatchedNetwork[]): Map<string, number> {
  const clusters = groupBy(matched, ({ network }) => clusterOf(network));
  return new Map(
    [...clusters].map(([cluster, members]) => [
      cluster,
      mean(members.map(({ overBasePt }) => overBasePt)) as number,
    ]),
  );
}
