// Several questions asked of one study: p values corrected so that the chance of any false answer
// stays at the level of one test.
import { sum } from './mean.js';

/** Holm's adjusted p values, weighted. In the order p_(1) / w_(1) <= ... <= p_(m) / w_(m) the
 *  adjusted one at place i is max over j <= i of min(1, p_(j) (w_(j) + ... + w_(m)) / w_(j)); with
 *  equal weights the factor is m - j + 1. Rejecting all adjusted p of at most a keeps the
 *  probability of any false rejection at a, however the tests depend on one another, if the weights
 *  are chosen before the data are seen.
 *  @param values p in [0, 1]; null: a test that could not be made, which is not counted
 *  @param weights above 0, one a value; left out: all equal
 *  @returns in the order of `values`
 *  @source Holm 1979, Scandinavian Journal of Statistics 6:65, sections 2 and 4; adjusted form:
 *  Wright 1992, Biometrics 48:1005. */
export function holm(
  values: readonly (number | null)[],
  weights: readonly number[] = values.map(() => 1),
): (number | null)[] {
  const known = values.flatMap((p, index) =>
    p === null ? [] : [{ p, index, weight: weights[index] as number }],
  );
  known.sort((a, b) => a.p / a.weight - b.p / b.weight);
  const adjusted: (number | null)[] = values.map(() => null);
  let largest = 0;
  for (const [place, { p, index, weight }] of known.entries()) {
    const left = sum(known.slice(place).map((each) => each.weight));
    largest = Math.max(largest, Math.min(1, (p * left) / weight));
    adjusted[index] = largest;
  }
  return adjusted;
}
