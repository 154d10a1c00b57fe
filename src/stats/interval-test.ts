// The test that an interval stands for.
import jStat from 'jstat';

/** Two-sided p of Student's t test against 0, of a mean m whose 95 % t interval over k values is
 *  known: its half width is t_{0.975, k - 1} s / sqrt(k), so t = t_{0.975, k - 1} m / half. Null
 *  below 3 values, without an interval, and for one without width.
 *  @param units k */
export function tTestOfInterval(
  range: {
    readonly meanPt: number | null;
    readonly lowPt: number | null;
    readonly highPt: number | null;
  },
  units: number,
): number | null {
  const { meanPt, lowPt, highPt } = range;
  if (meanPt === null || lowPt === null || highPt === null || units < 3) return null;
  const half = (highPt - lowPt) / 2;
  if (half === 0) return null;
  const t = (jStat.studentt.inv(0.975, units - 1) * meanPt) / half;
  return 2 * jStat.studentt.cdf(-Math.abs(t), units - 1);
}
