// Whole numbers that a person wrote, and what is wrong with them in words.

/** No network has more of anything, and sums of so many stay exact. */
const MOST = 1_000_000;

/** "kernel is 0, wanted integers of at least 1", or nothing. */
export function wrongIntegers(
  name: string,
  values: number | readonly number[],
  least: number,
): readonly string[] {
  const all = typeof values === 'number' ? [values] : values;
  if (all.every((value) => Number.isInteger(value) && value >= least && value <= MOST)) return [];
  const wanted = all.length === 1 ? 'an integer' : 'integers';
  const isLarge = all.some((value) => value > MOST);
  // The usual case of a list, alike in all its places, is told as people wrote it.
  const found = all.every((value) => value === all[0]) ? `${all[0]}` : all.join(', ');
  return [
    `${name} is ${found}, wanted ${wanted} of at least ${least}${isLarge ? ` and at most ${MOST}` : ''}`,
  ];
}
