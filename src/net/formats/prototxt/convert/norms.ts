// Batch norm, and the factors and summands that follow it.
import type { Blob } from '../../../layers/blob.js';
import type { Layer, LayerMap } from '../../../layers/table.js';
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';
import { canonicalAxis } from './axes.js';
import { blobOf } from './blobs.js';
import { type Converter, type Input, wired } from './converter.js';

/** Batch norm, in Caffe without a scale and a shift. Its `moving_average_fraction` is the share of
 *  what was; ours counts the share of what is new. */
export const batchNorm: Converter = (layer, place, issues) => {
  const { parameters } = layer;
  const fraction = parameters.number(['moving_average_fraction'], 0.999);
  if (parameters.flag('use_global_stats', false)) {
    issues.remark(
      layer.place,
      `layer "${layer.name}": use_global_stats: true is not taken: its statistics are stored ones where it is tested or frozen`,
    );
  }
  return {
    kind: 'batch-norm',
    ...wired(layer, place),
    epsilon: parameters.number(['eps'], 1e-5),
    // 1 - 0.999 has digits that nobody wrote.
    momentum: Number((1 - fraction).toPrecision(12)),
    scale: null,
    shift: null,
  };
};

/** The batch norm with the scale and shift of the Scale layer above it; null if that one has other
 *  factors than one a channel. */
export function withScale(
  norm: LayerMap['batch-norm'],
  layer: CaffeLayer,
  issues: Issues,
): LayerMap['batch-norm'] | null {
  const { parameters } = layer;
  if (parameters.number(['axis'], 1) !== 1 || parameters.number(['num_axes'], 1) !== 1) return null;
  const { weight, bias } = scaleBlobs(layer, issues);
  return { ...norm, scale: weight, shift: bias };
}

/** Scale: with one bottom learned factors, with two a product. */
export const scale: Converter = (layer, place, issues) => {
  const [first, second] = place.inputs;
  if (second !== undefined) return gate(layer, [first, second], issues);
  const shape = spread(layer, first, issues);
  return { kind: 'affine', ...wired(layer, place), shape, ...scaleBlobs(layer, issues) };
};

/** Bias: learned summands. */
export const bias: Converter = (layer, place, issues) => ({
  kind: 'affine',
  ...wired(layer, place),
  shape: spread(layer, place.inputs[0], issues),
  weight: null,
  bias: blobOf(layer, { index: 0, filler: 'filler' }, issues),
});

function scaleBlobs(
  layer: CaffeLayer,
  issues: Issues,
): { readonly weight: Blob; readonly bias: Blob | null } {
  const weight = blobOf(layer, { index: 0, filler: 'filler', otherwise: 1 }, issues);
  const shift = blobOf(layer, { index: 1, filler: 'bias_filler' }, issues);
  return { weight, bias: layer.parameters.flag('bias_term', false) ? shift : null };
}

/** A product with factors that each image has: the first axes of x, the others alike. */
function gate(
  layer: CaffeLayer,
  [x, factors]: readonly [Input, Input],
  issues: Issues,
): readonly Layer[] {
  const { name, place, parameters } = layer;
  const [wide, narrow] = [x.shape ?? [], factors.shape ?? []];
  const isPrefix = narrow.every((size, at) => size === wide[at]);
  const axis = parameters.number(['axis'], 1);
  if (axis !== 0 || parameters.flag('bias_term', false) || !isPrefix) {
    issues.add(
      place,
      `layer "${name}": a second bottom of ${narrow.join(' x ')} for ${wide.join(' x ')} from axis ${axis} on is not supported, only axis: 0, the same first sizes and no bias are`,
    );
  }
  parameters.all('num_axes', 'filler', 'bias_filler');
  const shape = [1, ...narrow, ...wide.slice(narrow.length).map(() => 1)];
  const factorsName = `${name}_factors`;
  return [
    { kind: 'reshape', name: factorsName, inputs: [factors.layer], shape },
    { kind: 'multiply', name, inputs: [x.layer, factorsName] },
  ];
}

/** The shape of factors that stand for `num_axes` axes from `axis` on: [C,1,1] for one a channel.
 *  0 axes: one number for all; -1: all from there on. */
function spread(layer: CaffeLayer, { shape }: Input, issues: Issues): readonly number[] {
  const { parameters } = layer;
  const [axis, count] = [parameters.number(['axis'], 1), parameters.number(['num_axes'], 1)];
  const first = canonicalAxis(layer, axis, shape, issues) - 1;
  if (shape === null) return [1];
  const end = count < 0 ? shape.length : first + count;
  if (end > shape.length || !Number.isInteger(count) || count < -1) {
    issues.add(
      layer.place,
      `layer "${layer.name}": num_axes ${count} from axis ${first + 1} on, wanted at most ${shape.length - first}`,
    );
  }
  return shape.map((size, at) => (at >= first && at < end ? size : 1));
}
