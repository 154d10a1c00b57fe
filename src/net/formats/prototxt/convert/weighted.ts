// Convolutions and inner products.
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';
import { windowOf } from '../window-fields.js';
import { weightAndBias } from './blobs.js';
import { type Converter, wired } from './converter.js';
import { expectOnly } from './only.js';

/** Convolution, grouped, dilated, with or without a bias. */
export const convolution: Converter = (layer, place, issues) => {
  expectOnly(layer, issues, { axis: 1 });
  layer.parameters.all('force_nd_im2col');
  const outputs = layer.parameters.number(['num_output'], null);
  if (outputs === null && !place.isOutput) lacks(layer, 'num_output', issues);
  return {
    kind: 'convolution',
    ...wired(layer, place),
    outputs: outputs ?? 'classes',
    ...windowOf(layer, issues),
    groups: layer.parameters.number(['group'], 1),
    ...weightAndBias(layer, issues),
  };
};

/** Inner product of all that an image has. */
export const innerProduct: Converter = (layer, place, issues) => {
  expectOnly(layer, issues, { axis: 1, transpose: false });
  const outputs = layer.parameters.number(['num_output'], null);
  if (outputs === null && !place.isOutput) lacks(layer, 'num_output', issues);
  return {
    kind: 'inner-product',
    ...wired(layer, place),
    outputs: outputs ?? 'classes',
    ...weightAndBias(layer, issues),
  };
};

function lacks({ name, place, parameters }: CaffeLayer, field: string, issues: Issues): void {
  // What is there but no number has been noted.
  if (parameters.all(field).length > 0) return;
  issues.add(place, `layer "${name}" has no ${field}`);
}
