// Which networks count in means, and each one's difference to the base of its own task.
import { mean } from '../../stats/mean.js';
import { clusterOf, groupBy, pairOf } from './order.js';
import { treatments } from '../treatments.js';
import type { Family, NetworkResult } from './types.js';

/** A network whose accuracy counts. */
export type Measured = NetworkResult & { readonly accuracy: number };

/** Whether networks of a family may have so few images that they do not learn: that they do not is
 *  then what they show. */
export function isOfFewImages(family: Family): boolean {
  return family === 'reduced' || family === 'target-size';
}

/** True for done networks, and for dead ones whose death is the finding: random features and
 *  reduced data show what they show. */
export function isMeasured(network: NetworkResult): network is Measured {
  if (network.accuracy === null) return false;
  const showsDeath = treatments[network.treatment].countsDead || isOfFewImages(network.family);
  return network.state === 'done' || (network.state === 'dead' && showsDeath);
}

/** The bases that networks of one family are compared with: those of the tasks that the others are
 *  trained on. A base that is only copied from says nothing of these; where there are no others,
 *  all bases count. */
export function referenceBases(networks: readonly NetworkResult[]): readonly NetworkResult[] {
  const isBase = ({ treatment }: NetworkResult): boolean => treatment === 'base';
  const targets = new Set(networks.filter((each) => !isBase(each)).map(({ target }) => target));
  return networks.filter(
    (each) => isBase(each) && (targets.size === 0 || targets.has(each.target)),
  );
}

/** A measured network and its distance, in percentage points, to the mean base of its own (split,
 *  target). */
export interface MatchedNetwork {
  readonly network: Measured;
  readonly overBasePt: number;
  /** The same to the mean base of its own repeat; where that has none, {@link overBasePt}. */
  readonly overOwnRepeatPt: number;
}

/** 100 (accuracy - mean base accuracy of the network's own (split, target), over repeats and over
 *  several reference bases) for each measured network of one family; networks whose base is not
 *  measured are left out. */
export function matchNetworks(networks: readonly NetworkResult[]): MatchedNetwork[] {
  const measured = networks.filter(isMeasured);
  const bases = baseAccuracies(measured, pairOf);
  const ofRepeats = baseAccuracies(measured, clusterOf);
  return measured.flatMap((network) => {
    const base = bases.get(pairOf(network));
    if (base === undefined) return [];
    const own = ofRepeats.get(clusterOf(network)) ?? base;
    const over = (reference: number) => 100 * (network.accuracy - reference);
    return [{ network, overBasePt: over(base), overOwnRepeatPt: over(own) }];
  });
}

/** {@link MatchedNetwork.overBasePt} of every network that has it, whatever its family. */
export function differencesToBase(
  networks: readonly NetworkResult[],
): ReadonlyMap<NetworkResult, number> {
  const byFamily = groupBy(networks, ({ family }) => family);
  const matched = [...byFamily.values()].flatMap((members) => matchNetworks(members));
  return new Map(matched.map(({ network, overBasePt }) => [network, overBasePt]));
}

function baseAccuracies(
  measured: readonly Measured[],
  keyOf: (network: NetworkResult) => string,
): Map<string, number> {
  const bases = groupBy(
    measured.filter((network) => network.treatment === 'base'),
    keyOf,
  );
  return new Map(
    [...bases].map(([key, members]) => [key, mean(members.map((b) => b.accuracy)) as number]),
  );
}
