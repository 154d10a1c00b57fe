// How one layer of Caffe becomes one of ours.
import type { Shape } from '../../../../tensor/tensor.js';
import type { Layer } from '../../../layers/table.js';
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';

/** One thing that a layer reads. */
export interface Input {
  /** Name of the layer that makes it. */
  readonly layer: string;
  /** [C,H,W] or [K] of one image; null if something below is wrong. */
  readonly shape: Shape | null;
}

/** What a layer reads, and whether it is the one whose outputs are the classes. */
export interface LayerPlace {
  /** At least one. */
  readonly inputs: readonly [Input, ...Input[]];
  readonly isOutput: boolean;
}

/** Makes the layer, or several of which the last has its name. What we do not have goes to
 *  `issues`, never passed over. */
export type Converter = (
  layer: CaffeLayer,
  place: LayerPlace,
  issues: Issues,
) => Layer | readonly Layer[];

/** Name and input of a layer that reads one thing. */
export function wired(
  { name }: CaffeLayer,
  { inputs }: LayerPlace,
): { readonly name: string; readonly inputs: readonly string[] } {
  return { name, inputs: [inputs[0].layer] };
}

/** Name and inputs of a layer that reads several. */
export function wiredToAll(
  { name }: CaffeLayer,
  { inputs }: LayerPlace,
): { readonly name: string; readonly inputs: readonly string[] } {
  return { name, inputs: inputs.map(({ layer }) => layer) };
}
