// Confidence intervals: t over independent values, and the exact binomial one.
import jStat from 'jstat';
import { mean, standardDeviation } from './mean.js';

/** A two-sided interval; both ends in the unit of the values it was made from. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Fewest independent values an interval is stated for: two have a t quantile of 12.7, which says
 *  nothing. */
const minimumUnits = 3;

/** t interval of a mean: m +- t_{(1 + level) / 2, k - 1} s / sqrt(k) with m, s the mean and sample
 *  standard deviation of the k values, which must be independent of one another; null below {@link
 *  minimumUnits} values. */
export function tInterval(values: readonly number[], level = 0.95): Interval | null {
  const centre = mean(values);
  const spread = standardDeviation(values);
  if (centre === null || spread === null || values.length < minimumUnits) return null;
  const quantile = jStat.studentt.inv((1 + level) / 2, values.length - 1);
  const half = (quantile * spread) / Math.sqrt(values.length);
  return { low: centre - half, high: centre + half };
}

/** Student's t of the hypothesis that the mean of independent values is 0: t = m sqrt(k) / s with k
 *  - 1 degrees of freedom, and its two-sided p; null below {@link minimumUnits} values or if all
 *  are equal. */
export function tTest(
  values: readonly number[],
): { readonly t: number; readonly p: number } | null {
  const centre = mean(values);
  const spread = standardDeviation(values);
  if (centre === null || spread === null || values.length < minimumUnits) return null;
  // Equal except for rounding: no scatter to compare with.
  if (spread <= 1e-12 * Math.max(1, Math.abs(centre))) return null;
  const t = (centre * Math.sqrt(values.length)) / spread;
  return { t, p: 2 * jStat.studentt.cdf(-Math.abs(t), values.length - 1) };
}

/** The two-sided p of {@link tTest}, from the {@link tInterval} of the same values: t = c q / h for
 *  an interval c +- h of k values whose quantile is q; 0 or 1 without scatter. Null without an
 *  interval. */
export function pOfInterval(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  units: number,
  level = 0.95,
): number | null {
  if (low === null || high === null || units < minimumUnits) return null;
  const [centre, half] = [(low + high) / 2, (high - low) / 2];
  if (half <= 1e-12 * Math.max(1, Math.abs(centre))) return Math.abs(centre) <= half ? 1 : 0;
  const quantile = jStat.studentt.inv((1 + level) / 2, units - 1);
  return 2 * jStat.studentt.cdf((-Math.abs(centre) * quantile) / half, units - 1);
}

/** Minimum detectable effect of a two-sided 5 % t test with 80 % power: (t_{0.975, k - 1} + t_{0.8,
 *  k - 1}) s / sqrt(k) for k values with sample standard deviation s; null below {@link
 *  minimumUnits} values.
 *  @source Bloom 1995, Evaluation Review 19:547. */
export function resolvableDifference(values: readonly number[]): number | null {
  const spread = standardDeviation(values);
  if (spread === null || values.length < minimumUnits) return null;
  const degrees = values.length - 1;
  const quantiles = jStat.studentt.inv(0.975, degrees) + jStat.studentt.inv(0.8, degrees);
  return (quantiles * spread) / Math.sqrt(values.length);
}

/** Exact (Clopper-Pearson) interval of a proportion, from beta quantiles with a = (1 - level) / 2:
 *  low = B(a; k, m - k + 1), or 0 for k = 0; high = B(1 - a; k + 1, m - k), or 1 for k = m.
 *  @param successes k, correct answers   @param trials m >= 1, answers
 *  @source Clopper & Pearson 1934, Biometrika 26:404. */
export function binomialInterval(successes: number, trials: number, level = 0.99): Interval {
  const tail = (1 - level) / 2;
  const failures = trials - successes;
  const low = successes === 0 ? 0 : jStat.beta.inv(tail, successes, failures + 1);
  const high = failures === 0 ? 1 : jStat.beta.inv(1 - tail, successes + 1, failures);
  return { low, high };
}

/** Whether `value` lies in the closed interval. */
export function includes(interval: Interval, value: number): boolean {
  return interval.low <= value && value <= interval.high;
}
