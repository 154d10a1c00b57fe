// What the drop of frozen transfer is made of: broken co-adaptation and features specific to the
// source task.
import { tInterval } from '../../stats/interval.js';
import { mean } from '../../stats/mean.js';
import { layersOf } from './lines.js';
import { matchNetworks, type MatchedNetwork } from './measured.js';
import { clusterOf, groupBy, pairOf } from './order.js';
import type { DecompositionPoint, NetworkResult } from './types.js';

/** Positive = loss, percentage points. */
interface Drops {
  readonly coadaptationPt: number;
  readonly specificityPt: number;
}

/** For each n that has BnB and AnB planned: co-adaptation = base - BnB and specificity = BnB - AnB,
 *  mean over the (split, target) pairs that have base, BnB and AnB; intervals over those pairs'
 *  (split, target, repeat) clusters. */
export function buildDecomposition(networks: readonly NetworkResult[]): DecompositionPoint[] {
  const selffers = layersOf(networks.filter((network) => network.treatment === 'BnB'));
  const transfers = layersOf(networks.filter((network) => network.treatment === 'AnB'));
  const matched = matchNetworks(networks);
  return selffers
    .filter((n) => transfers.includes(n))
    .map((n) =>
      decompose(
        n,
        matched.filter(({ network }) => network.n === n),
      ),
    );
}

function decompose(n: number, matched: readonly MatchedNetwork[]): DecompositionPoint {
  const pairs = dropsOf(matched, pairOf);
  const clusters = dropsOf(matched, clusterOf);
  const coadaptation = tInterval(clusters.map((drops) => drops.coadaptationPt));
  const specificity = tInterval(clusters.map((drops) => drops.specificityPt));
  const differences = clusters.map((drops) => drops.coadaptationPt - drops.specificityPt);
  const balance = tInterval(differences);
  return {
    n,
    coadaptationPt: mean(pairs.map((drops) => drops.coadaptationPt)),
    coadaptationLowPt: coadaptation?.low ?? null,
    coadaptationHighPt: coadaptation?.high ?? null,
    specificityPt: mean(pairs.map((drops) => drops.specificityPt)),
    specificityLowPt: specificity?.low ?? null,
    specificityHighPt: specificity?.high ?? null,
    balancePt: mean(differences),
    balanceLowPt: balance?.low ?? null,
    balanceHighPt: balance?.high ?? null,
    pairs: pairs.length,
  };
}

function dropsOf(
  matched: readonly MatchedNetwork[],
  key: (network: NetworkResult) => string,
): Drops[] {
  const groups = groupBy(matched, ({ network }) => key(network));
  return [...groups.values()].flatMap((members) => {
    const selffer = meanOverBase(members, 'BnB');
    const transfer = meanOverBase(members, 'AnB');
    if (selffer === null || transfer === null) return [];
    return [{ coadaptationPt: -selffer, specificityPt: selffer - transfer }];
  });
}

function meanOverBase(matched: readonly MatchedNetwork[], treatment: 'BnB' | 'AnB'): number | null {
  return mean(
    matched
      .filter(({ network }) => network.treatment === treatment)
      .map(({ overBasePt }) => overBasePt),
  );
}
