// What layers of Caffe own: how it starts, how it learns.
import type { Blob } from '../../../layers/blob.js';
import type { CaffeLayer } from '../caffe-layers.js';
import { readFiller } from '../fillers.js';
import type { Issues } from '../issues.js';

/** One blob of a layer, by its place among the layer's and by the field that fills it.
 *  @param otherwise what Caffe fills with where no filler is written */
export function blobOf(
  layer: CaffeLayer,
  { index, filler, otherwise = 0 }: { index: number; filler: string; otherwise?: number },
  issues: Issues,
): Blob {
  const { parameters, lrMults, decayMults } = layer;
  return {
    filler: readFiller(parameters.messages(filler).at(-1), layer, issues, otherwise),
    lrMult: lrMults[index] ?? 1,
    decayMult: decayMults[index] ?? 1,
  };
}

/** Weight and bias of a convolution or an inner product. */
export function weightAndBias(
  layer: CaffeLayer,
  issues: Issues,
): { readonly weight: Blob; readonly bias: Blob | null } {
  const { parameters } = layer;
  const weight = blobOf(layer, { index: 0, filler: 'weight_filler' }, issues);
  const bias = blobOf(layer, { index: 1, filler: 'bias_filler' }, issues);
  const hasBias = parameters.flag('bias_term', true) && parameters.flag('biasterm', true);
  return { weight, bias: hasBias ? bias : null };
}
