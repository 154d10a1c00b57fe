// Axes as Caffe counts them: N is axis 0, negative ones count from the end.
import type { Shape } from '../../../../tensor/tensor.js';
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';

/** An axis counted from the start; only those of one image. `shape` is that of one image, null if
 *  not known. */
export function canonicalAxis(
  { name, place }: CaffeLayer,
  axis: number,
  shape: Shape | null,
  issues: Issues,
): number {
  if (shape === null) return Math.max(axis, 1);
  const rank = shape.length + 1;
  const counted = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(counted) && counted >= 1 && counted < rank) return counted;
  issues.add(
    place,
    `layer "${name}": axis ${axis} is not supported, only 1 to ${rank - 1} of its ${rank} axes are`,
  );
  return 1;
}
