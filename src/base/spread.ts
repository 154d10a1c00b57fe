// Some of many places.

/** At most `most` of the places 0 to `count` - 1, at equal distances, the first and the last among
 *  them, ascending.
 *  @param most at least 2 */
export function spread(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  const step = (count - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => Math.round(at * step));
}
