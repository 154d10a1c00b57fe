// A curve of many points as one of few that looks the same: of each bin the first, the last, the
// least and the greatest.

/** Points kept of each bin, at most. */
const OF_A_BIN = 4;

/** Places of the points of a curve to keep, in order: those with `from <= x <= to`, at most about
 *  `points`. The first and the last are among them, and so is every peak.
 *  @param xs ascending  @param ys of the same length; NaN where there is none */
export function thinned(
  xs: Float64Array,
  ys: Float64Array,
  { from, to, points }: { readonly from: number; readonly to: number; readonly points: number },
): readonly number[] {
  const start = firstWhere(xs, (x) => x >= from, 0);
  const end = firstWhere(xs, (x) => x > to, start);
  const count = Math.max(0, end - start);
  if (count <= points) return Array.from({ length: count }, (_, i) => start + i);
  const bins = Math.max(1, Math.floor(points / OF_A_BIN));
  const kept: number[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const first = start + Math.floor((bin * count) / bins);
    const last = start + Math.floor(((bin + 1) * count) / bins) - 1;
    keepOfBin(ys, first, last, kept);
  }
  return kept;
}

function keepOfBin(ys: Float64Array, first: number, last: number, kept: number[]): void {
  let least = first;
  let greatest = first;
  for (let at = first; at <= last; at++) {
    const y = ys[at] as number;
    // NaN is neither; a bin that begins with one takes any other.
    if (y < (ys[least] as number) || Number.isNaN(ys[least])) least = at;
    if (y > (ys[greatest] as number) || Number.isNaN(ys[greatest])) greatest = at;
  }
  const places = new Set([first, least, greatest, last]);
  kept.push(...[...places].sort((a, b) => a - b));
}

// Of ascending xs from place `low` on.
function firstWhere(xs: Float64Array, fits: (x: number) => boolean, low: number): number {
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(xs[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
