// Whether accuracy still rises at the end of a training.
import jStat from 'jstat';
import { mean, sum } from './mean.js';

/** One test of a training. */
export interface TestOfTraining {
  /** Fraction. */
  readonly testAccuracy: number;
  /** Null if it is not known. */
  readonly learningRate: number | null;
}

/** What a line through the last tests rises, percentage points, with its 95 % interval. */
export interface Rise {
  readonly risePt: number;
  readonly lowPt: number;
  readonly highPt: number;
}

/** Fewest tests that a line is put through. */
const fewest = 5;

/** Rise of accuracy over the last third of a training's tests, from the first of these to the last:
 *  b (k - 1) with b the least-squares slope over k tests, +- t_{0.975, k - 2} (k - 1) SE(b). Tests
 *  are taken as equally far apart and their scatter around the line as independent. Of those at
 *  the last learning rate alone, where they are enough, for what a fall of the rate gains is no
 *  rise that goes on. Null below 5 tests. */
export function riseAtEnd(tests: readonly TestOfTraining[]): Rise | null {
  const third = tests.slice(-Math.ceil(tests.length / 3));
  const change = third.findLastIndex(
    ({ learningRate }) => learningRate !== third.at(-1)?.learningRate,
  );
  const level = third.slice(change + 1);
  const last = level.length < fewest ? third : level;
  if (last.length < fewest) return null;
  const values = last.map(({ testAccuracy }) => 100 * testAccuracy);
  const span = values.length - 1;
  const centre = mean(values) as number;
  const spread = sum(values.map((_, i) => (i - span / 2) ** 2));
  const slope = sum(values.map((value, i) => (i - span / 2) * (value - centre))) / spread;
  const left = values.map((value, i) => (value - centre - slope * (i - span / 2)) ** 2);
  const error = Math.sqrt(sum(left) / (values.length - 2) / spread);
  const half = jStat.studentt.inv(0.975, values.length - 2) * error * span;
  const risePt = slope * span;
  return { risePt, lowPt: risePt - half, highPt: risePt + half };
}
