// The rounding rule of results.json.

/** Significant digits kept: far below any noise, far above the last bits in which two orders of a
 *  sum may differ. */
const significantDigits = 12;

/** `value` with every number in it, at any depth, rounded to 12 significant digits; -0 becomes
 *  0. */
export function roundNumbers<T>(value: T): T {
  if (typeof value === 'number') return (Number(value.toPrecision(significantDigits)) + 0) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => roundNumbers(item)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, roundNumbers(member)]),
  ) as T;
}
