// Two networks on the same images: only the images that one of them gets right and the other does
// not say which is better.
import jStat from 'jstat';
import { mean } from './mean.js';

/** What two networks answered to the same images. */
export interface PairedCounts {
  /** b: images that the first alone got right. */
  readonly onlyFirst: number;
  /** c: images that the second alone got right. */
  readonly onlySecond: number;
  /** m >= 1: all images. */
  readonly images: number;
}

/** The difference of two accuracies on the same images. */
export interface PairedDifference {
  /** d = (b - c) / m, fraction: first minus second. */
  readonly difference: number;
  /** sqrt(b + c - (b - c)^2 / m) / m, fraction: scatter from the images alone. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** McNemar's exact two-sided p: of b + c fair coins, at most min(b, c) or at least max(b, c)
   *  heads; 1 if b + c = 0. */
  readonly p: number;
}

/** Difference, standard error, interval and test of two networks on the same images. The interval
 *  is d' +- z sqrt((b' + c' - d'^2) / (m + 2)) with b' = (b + 1) / (m + 2), c' alike, d' = b' - c':
 *  it holds its level for few images too.
 *  @source Bonett & Price 2012, Journal of Educational and Behavioral Statistics 37:479 (interval);
 *  McNemar 1947, Psychometrika 12:153. */
export function pairedDifference(
  { onlyFirst: b, onlySecond: c, images: m }: PairedCounts,
  level = 0.95,
): PairedDifference {
  const [first, second] = [(b + 1) / (m + 2), (c + 1) / (m + 2)];
  const centre = first - second;
  const z = jStat.normal.inv((1 + level) / 2, 0, 1);
  const half = z * Math.sqrt((first + second - centre ** 2) / (m + 2));
  return {
    difference: (b - c) / m,
    standardError: Math.sqrt(b + c - (b - c) ** 2 / m) / m,
    low: Math.max(-1, centre - half),
    high: Math.min(1, centre + half),
    p: exactMcNemar(Math.min(b, c), b + c),
  };
}

// P(X <= k) = I_{1/2}(n - k, k + 1) of n fair coins.
function exactMcNemar(fewer: number, discordant: number): number {
  if (2 * fewer >= discordant) return 1;
  return Math.min(1, 2 * jStat.beta.cdf(0.5, discordant - fewer, fewer + 1));
}

/** Variance of a statistic from what leaving out each of K clusters changes it by, d_k:
 *  (K - 1) / K sum_k (d_k - mean d)^2, the delete-one-cluster jackknife; null below 2 clusters.
 *  Observations of one cluster may depend on each other in any way.
 *  @source Efron & Stein 1981, Annals of Statistics 9:586; clusters: Cameron & Miller 2015,
 *  Journal of Human Resources 50:317. */
export function jackknifeVariance(changes: readonly number[]): number | null {
  const centre = mean(changes);
  if (centre === null || changes.length < 2) return null;
  const squares = changes.reduce((sum, change) => sum + (change - centre) ** 2, 0);
  return ((changes.length - 1) / changes.length) * squares;
}
