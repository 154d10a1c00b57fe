// What measuring how to share out cores found, for the terminal.
import type { Calibration } from '../study/store/calibration-file.js';
import { formatDuration } from '../base/quantities.js';

/** What was tried and chosen, in one line. */
export function calibrationText({ tried, chosen }: Pick<Calibration, 'tried' | 'chosen'>): string {
  const each = tried.map(({ workers, threads, flopsPerSecond, seconds }) => {
    const rate = `${(flopsPerSecond / 1e9).toPrecision(3)} GFLOP/s`;
    return `${workers} x ${threads}: ${rate}, ${formatDuration(seconds)}`;
  });
  return `workers x threads, as measured: ${each.join('; ')}; chosen: ${chosen.workers} x ${chosen.threads}`;
}
