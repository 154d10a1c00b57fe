// The paired interval's coverage without any simulation: all outcomes of m images, each with its
// probability.
import { pairedDifference } from '../../src/stats/paired.js';

/** Probability that the interval of m images holds the true difference, if the first alone is right
 *  of a share p10 of all images and the second alone of p01: a sum over the trinomial. */
export function exactCoverage(images: number, p10: number, p01: number): number {
  const logs = [Math.log(p10), Math.log(p01), Math.log(1 - p10 - p01)];
  const factorials = [0];
  for (let k = 1; k <= images; k++) factorials.push((factorials[k - 1] as number) + Math.log(k));
  const term = (count: number, which: number): number =>
    count === 0 ? 0 : count * (logs[which] as number) - (factorials[count] as number);
  let total = 0;
  for (let b = 0; b <= images; b++) {
    for (let c = 0; b + c <= images; c++) {
      const log =
        (factorials[images] as number) + term(b, 0) + term(c, 1) + term(images - b - c, 2);
      if (log < -35) continue;
      const { low, high } = pairedDifference({ onlyFirst: b, onlySecond: c, images });
      if (low <= p10 - p01 && p10 - p01 <= high) total += Math.exp(log);
    }
  }
  return total;
}
