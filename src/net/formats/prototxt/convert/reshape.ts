// The same elements under another shape.
import { elementCount, type Shape } from '../../../../tensor/tensor.js';
import { type Converter, wired } from './converter.js';
import { expectOnly } from './only.js';

/** Reshape of each image for itself: 0 takes the size that was there, -1 what is left. */
export const reshape: Converter = (layer, place, issues) => {
  expectOnly(layer, issues, { axis: 0, num_axes: -1 });
  const [message] = layer.parameters.messages('shape');
  const dims = message?.numbers('dim') ?? [];
  message?.rejectOthers(`layer "${layer.name}"`);
  const from = place.inputs[0].shape;
  const shape = from === null ? [1] : sizesOf(dims, from);
  if (shape === null) {
    issues.add(
      layer.place,
      `layer "${layer.name}": found the dimensions ${dims.join(', ')} for images of ${from?.join(' x ') ?? ''}, wanted 0 and then sizes of as many elements`,
    );
  }
  return { kind: 'reshape', ...wired(layer, place), shape: [1, ...(shape ?? [1])] };
};

/** Sizes of one image; null if they do not fit. */
function sizesOf([images, ...dims]: readonly number[], from: Shape): Shape | null {
  const copied = dims.map((size, at) => (size === 0 ? (from[at] ?? 0) : size));
  const free = copied.filter((size) => size === -1).length + (images === -1 ? 1 : 0);
  const known = elementCount(copied.filter((size) => size !== -1));
  const rest = elementCount(from) / known;
  if (![0, -1].includes(images ?? NaN) || free > 1) return null;
  const sizes = copied.map((size) => (size === -1 ? rest : size));
  const fits = sizes.every((size) => Number.isInteger(size) && size >= 1);
  return fits && elementCount(sizes) === elementCount(from) ? sizes : null;
}
