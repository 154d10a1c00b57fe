// Intervals of the test images alone, where there are too few clusters for one of everything.
import type { Measured } from '../../study/results/measured.js';
import type { Range } from './finding.js';

/** Binomial variance p (1 - p) / m of an accuracy p on m test images; null if m is not known. */
function variance({ accuracy, testImages }: Measured): number | null {
  return testImages === null ? null : (accuracy * (1 - accuracy)) / testImages;
}

/** 95 % normal interval of an accuracy minus a fixed number, percentage points. */
export function sampledDifference(network: Measured, reference: number | Measured): Range {
  const other = typeof reference === 'number' ? reference : reference.accuracy;
  const meanPt = 100 * (network.accuracy - other);
  const own = variance(network);
  const theirs = typeof reference === 'number' ? 0 : variance(reference);
  if (own === null || theirs === null) return { meanPt, lowPt: null, highPt: null };
  const halfPt = 196 * Math.sqrt(own + theirs);
  return { meanPt, lowPt: meanPt - halfPt, highPt: meanPt + halfPt };
}

/** Said beside such an interval. */
export const sampledWords = ' (interval of the test images alone, one network each)';
