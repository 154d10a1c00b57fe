// Spearman's rank correlation.
import { mean } from './mean.js';

/** Fewest pairs a correlation is stated for: three are in the same order by chance once in six. */
const fewestPairs = 4;

/** Pearson's correlation of the ranks of x and y; equal values share their mean rank. Null below
 *  four pairs, or where one side is all equal.
 *  @source Spearman 1904, American Journal of Psychology 15:72. */
export function rankCorrelation(
  pairs: readonly { readonly x: number; readonly y: number }[],
): number | null {
  if (pairs.length < fewestPairs) return null;
  const xs = ranks(pairs.map(({ x }) => x));
  const ys = ranks(pairs.map(({ y }) => y));
  const centre = (pairs.length + 1) / 2;
  const products = (as: readonly number[], bs: readonly number[]): number =>
    mean(as.map((a, at) => (a - centre) * ((bs[at] as number) - centre))) as number;
  const scale = Math.sqrt(products(xs, xs) * products(ys, ys));
  return scale === 0 ? null : products(xs, ys) / scale;
}

// 1 for the smallest.
function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
