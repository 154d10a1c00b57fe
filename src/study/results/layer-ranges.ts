// Ranges of n that Table 1 and the paired tests are made over.

/** The paper's ranges of n, 1-(L-1), 3-(L-1) and 5-(L-1), as far as they were trained: each set of
 *  n once, none without an n.
 *  @param layers the n that were trained, ascending   @param weightLayers L */
export function rangesOf(layers: readonly number[], weightLayers: number): readonly number[][] {
  const ranges = [1, 3, 5].map((first) =>
    layers.filter((n) => first <= n && n <= weightLayers - 1),
  );
  // Each is part of the one before, so that equal lengths are equal sets.
  return ranges.filter((range, i) => range.length > 0 && range.length !== ranges[i - 1]?.length);
}

/** "3" for one n; "1-7" for n that follow each other; "1,3,5" for others, so that no n is named
 *  that was not trained. */
export function rangeText(range: readonly number[]): string {
  const [first = 0, last = first] = [range[0], range.at(-1)];
  if (range.length === 1) return String(first);
  return range.length === last - first + 1 ? `${first}-${last}` : range.join(',');
}
