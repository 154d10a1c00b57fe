// Colours of matched differences: eleven classes, from far below the base to far above it. The
// colours themselves are in style/colours.css, for a light and a dark page.

/** Classes on either side of the middle one. */
export const sides = 5;

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20] as const;

/** Width of a class in percentage points: the least round one with which three quarters of the
 *  differences are within the scale. Random features lose so much that all else would be grey. */
export function stepFor(differencesPt: readonly number[]): number {
  const sizes = differencesPt.map(Math.abs).sort((a, b) => a - b);
  const large = sizes[Math.floor(0.75 * (sizes.length - 1))] ?? 0;
  return steps.find((step) => large <= step * (sides + 0.5)) ?? 20;
}

/** The class of a difference, -5..5: 0 is within half a step of the base; the outermost classes are
 *  open. */
export function binOf(differencePt: number, step: number): number {
  const bin = Math.round(Math.abs(differencePt) / step);
  return bin === 0 ? 0 : Math.sign(differencePt) * Math.min(sides, bin);
}
