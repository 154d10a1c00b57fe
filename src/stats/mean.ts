// Means and spread that do not depend, not even in the last bit, on the order of their values.

/** sum_i x_i, added in ascending order so that a permutation of `values` gives the same bits. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of [...values].sort((a, b) => a - b)) total += value;
  return total;
}

/** Arithmetic mean (1/k) sum_i x_i; null for no values. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** Sample standard deviation sqrt(sum_i (x_i - mean)^2 / (k - 1)); null below two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  const squares = values.map((value) => (value - centre) ** 2);
  return Math.sqrt(sum(squares) / (values.length - 1));
}

/** Mean of the `count` largest values, wherever they stand (of all values if there are fewer); null
 *  for no values. With count = 10 and a run's test accuracies this is the paper's statistic,
 *  `top10`.
 *  @source Yosinski et al. 2014, transfer_plots.ipynb, `mean_highest` with last_n = 10. */
export function meanOfLargest(values: readonly number[], count = 10): number | null {
  return mean([...values].sort((a, b) => b - a).slice(0, count));
}
