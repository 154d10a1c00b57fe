// Several questions asked of one study: p values corrected so that the chance of any false answer
// stays at the level of one test.

/** Holm's adjusted p values. With the m p values in ascending order p_(1) <= ... <= p_(m), the
 *  adjusted one at place i is max over j <= i of min(1, (m - j + 1) p_(j)): rejecting all adjusted
 *  p below a keeps the probability of any false rejection at a, however the tests depend on one
 *  another.
 *  @param values p in [0, 1]; null: a test that could not be made, which is not counted
 *  @returns in the order of `values`
 *  @source Holm 1979, Scandinavian Journal of Statistics 6:65; adjusted form: Wright 1992,
 *  Biometrics 48:1005. */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const known = values.flatMap((p, index) => (p === null ? [] : [{ p, index }]));
  known.sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = values.map(() => null);
  let largest = 0;
  for (const [place, { p, index }] of known.entries()) {
    largest = Math.max(largest, Math.min(1, (known.length - place) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}
