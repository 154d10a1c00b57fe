// Where the numbers' scatter comes from: which images were tested, which random numbers were drawn
// in training, and which tasks were drawn.
import { mean, standardDeviation } from '../../stats/mean.js';
import { matchedUnits } from './lines.js';
import { isMeasured, matchNetworks } from './measured.js';
import { groupBy } from './order.js';
import type { NetworkResult, Noise } from './types.js';
import { cellsOf } from './unit.js';

/** Noise of one family, in percentage points of accuracy.
 *  - sampling: mean over networks of 100 sqrt(p (1 - p) / m), the binomial standard error of
 *    accuracy p on m test images;
 *  - training: pooled standard deviation over repeats of the same network, which see the same test
 *    images;
 *  - between clusters: pooled standard deviation between the units (unit.ts) of matched differences
 *    of one treatment and n, all sources together. */
export function buildNoise(networks: readonly NetworkResult[]): Noise {
  const measured = networks.filter(isMeasured).filter(({ state }) => state === 'done');
  const errors = measured.flatMap(({ accuracy, testImages }) =>
    testImages === null ? [] : [100 * Math.sqrt((accuracy * (1 - accuracy)) / testImages)],
  );
  const repeats = [...groupBy(measured, unrepeatedName).values()].map((same) =>
    same.map(({ accuracy }) => 100 * accuracy),
  );
  const matched = matchNetworks(networks).filter(({ network }) => network.treatment !== 'base');
  const kinds = groupBy(matched, ({ network }) => `${network.treatment} ${network.n}`);
  const cells = cellsOf(networks);
  const units = [...kinds.values()].map((members) => matchedUnits(members, cells));
  return {
    samplingPt: mean(errors),
    trainingPt: pooledDeviation(repeats),
    repeatedNetworks: repeats.filter((same) => same.length > 1).length,
    betweenClustersPt: pooledDeviation(units),
  };
}

function unrepeatedName({ split, target, treatment, n, source }: NetworkResult): string {
  return JSON.stringify([split, target, treatment, n, source]);
}

// sqrt(sum (k_i - 1) s_i^2 / sum (k_i - 1)); null if no group has two values.
function pooledDeviation(groups: readonly (readonly number[])[]): number | null {
  let squares = 0;
  let degrees = 0;
  for (const group of groups) {
    const deviation = standardDeviation(group);
    if (deviation === null || group.length < 2) continue;
    squares += (group.length - 1) * deviation ** 2;
    degrees += group.length - 1;
  }
  return degrees === 0 ? null : Math.sqrt(squares / degrees);
}
