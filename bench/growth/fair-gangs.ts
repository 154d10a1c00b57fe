// Which networks a gang of a given size holds, so that gangs of different sizes can be compared.
import type { PlannedNetwork } from '../../src/study/plan/plan.js';

/** The networks of a full grid of depths and treatments in an order in which neighbours differ in
 *  both: depth 1 with the first treatment, depth 2 with the second ... each coming round again at
 *  its end. Goes through the whole grid where the numbers of depths and treatments have no common
 *  divisor (7 and 4).
 *  @throws Error if they have, or if the grid is not full */
export function mixedOrder(networks: readonly PlannedNetwork[]): readonly PlannedNetwork[] {
  const depths = [...new Set(networks.map(({ n }) => n))].sort((a, b) => a - b);
  const treatments = [...new Set(networks.map(({ treatment }) => treatment))];
  const order = networks.map((_, i) =>
    networks.find(
      ({ n, treatment }) =>
        n === depths[i % depths.length] && treatment === treatments[i % treatments.length],
    ),
  );
  const found = order.filter((network) => network !== undefined);
  if (new Set(found).size === networks.length) return found;
  const grid = `${depths.length} depths and ${treatments.length} treatments`;
  throw new Error(`no mixed order of ${networks.length} networks of ${grid}`);
}

/** Gangs of `count` neighbours in a circle of networks that hold every network equally often: as
 *  few as there can be. */
export function fairGangs<T>(circle: readonly T[], count: number): readonly (readonly T[])[] {
  const step = greatestCommonDivisor(count, circle.length);
  return Array.from({ length: circle.length / step }, (_, gang) =>
    Array.from({ length: count }, (__, i) => circle[(gang * step + i) % circle.length] as T),
  );
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
