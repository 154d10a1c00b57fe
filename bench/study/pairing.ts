// Accuracies of the same networks trained by two programs, compared network by network.
import { mean } from '../../src/stats/mean.js';
import { type Interval, tInterval } from '../../src/stats/interval.js';

/** Accuracy (fraction) by network name. */
export type Accuracies = ReadonlyMap<string, number>;

/** Mean of the differences b - a in percentage points over the networks that both have, with its 90
 *  % t interval (null below 3). */
export interface Difference {
  readonly networks: number;
  readonly meanPt: number | null;
  readonly interval: Interval | null;
  /** Networks that only one of the two has. */
  readonly unpaired: readonly string[];
}

/** Pairs by name. */
export function pairedDifference(a: Accuracies, b: Accuracies): Difference {
  const names = [...a.keys()].filter((name) => b.has(name));
  const unpaired = [...a.keys(), ...b.keys()].filter((name) => !(a.has(name) && b.has(name)));
  const differences = names.map(
    (name) => 100 * ((b.get(name) as number) - (a.get(name) as number)),
  );
  return {
    networks: names.length,
    meanPt: mean(differences),
    interval: tInterval(differences, 0.9),
    unpaired: unpaired.toSorted(),
  };
}
