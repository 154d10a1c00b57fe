// Curves on one axis of iterations, as a chart takes them.
import type { CurvesAnswer } from '../../../src/dashboard/api.js';

/** Iterations of all curves, and for each curve a value or null at each of them. */
export interface Aligned {
  readonly iterations: readonly number[];
  /** One a network, in the order asked for. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Puts curves on the union of their iterations.
 *  @param names networks in the order of the chart; one without a curve has nulls
 *  @param scale factor of values */
export function align(
  curves: CurvesAnswer['curves'],
  names: readonly string[],
  scale = 1,
): Aligned {
  const iterations = [...new Set(curves.flatMap((curve) => curve.iterations))];
  iterations.sort((a, b) => a - b);
  const place = new Map(iterations.map((iteration, i) => [iteration, i]));
  const byName = new Map(curves.map((curve) => [curve.network, curve]));
  const values = names.map((name) => {
    const row = new Array<number | null>(iterations.length).fill(null);
    const curve = byName.get(name);
    curve?.iterations.forEach((iteration, i) => {
      const value = curve.values[i];
      if (value !== null && value !== undefined) row[place.get(iteration) ?? 0] = value * scale;
    });
    return row;
  });
  return { iterations, values };
}

/** The last value of each row at or before the place `at` of the axis; null if it has none. */
export function valuesAt(aligned: Aligned, at: number): readonly (number | null)[] {
  return aligned.values.map((row) => {
    for (let i = Math.min(at, row.length - 1); i >= 0; i--) {
      const value = row[i];
      if (value !== null && value !== undefined) return value;
    }
    return null;
  });
}
