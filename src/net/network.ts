// A network as data: layers with names and inputs, a graph. Formats (presets, prototxt, later ONNX)
// make it; lower.ts makes programs of it.
import { layerRules, type Layer, type LayerMap } from './layers/table.js';

/** What a network reads. */
export interface NetworkInput {
  /** Channels, height and width after cropping. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The input is (pixel - mean) * scale, pixels 0..255; one scale for all channels or one each. */
  readonly scale: readonly number[];
  /** `image`: the mean image of a task's training images. Numbers: a fixed mean for each
   *  channel. */
  readonly mean: 'image' | readonly number[];
}

/** Layers in topological order. */
export interface Network {
  readonly name: string;
  readonly input: NetworkInput;
  readonly layers: readonly Layer[];
  /** Name of the layer whose output is the logits. */
  readonly output: string;
}

/** A layer that n counts. */
export type WeightLayer = LayerMap['convolution'] | LayerMap['inner-product'];

/** True for layers that n counts: those after which a network can be cut. */
export function isWeightLayer(layer: Layer): layer is WeightLayer {
  return layerRules[layer.kind].isWeightLayer;
}

/** The weight layers in order; in a chain, element n - 1 is weight layer n of the paper. */
export function weightLayers(network: Network): readonly WeightLayer[] {
  return network.layers.filter(isWeightLayer);
}

/** The layer whose output is the logits; undefined if none has the name. */
export function outputLayer(network: Network): Layer | undefined {
  return network.layers.find(({ name }) => name === network.output);
}
