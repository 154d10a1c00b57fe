// Which networks count in means, and each one's difference to the base of its own task.
import { mean } from '../../stats/mean.js';
import { isOfFewImages } from './family.js';
import { groupBy, pairOf } from './order.js';
import { treatments } from '../treatments.js';
import type { NetworkResult } from './types.js';

/** A network whose accuracy counts. */
export type Measured = NetworkResult & { readonly accuracy: number };

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
}

/** 100 (accuracy - mean base accuracy of the network's own (split, target), over repeats) for each
 *  measured network of one family; networks whose base is not measured are left out. */
export function matchNetworks(networks: readonly NetworkResult[]): MatchedNetwork[] {
  const measured = networks.filter(isMeasured);
  const bases = baseAccuracies(measured);
  return measured.flatMap((network) => {
    const base = bases.get(pairOf(network));
    return base === undefined ? [] : [{ network, overBasePt: 100 * (network.accuracy - base) }];
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

function baseAccuracies(measured: readonly Measured[]): Map<string, number> {
  const bases = groupBy(
    measured.filter((network) => network.treatment === 'base'),
    pairOf,
  );
  return new Map(
    [...bases].map(([pair, members]) => [pair, mean(members.map((b) => b.accuracy)) as number]),
  );
}
