// Arithmetic of training a network, by count: multiplications and additions of its weight layers.
// Padding is counted as arithmetic; pooling, LRN and the rest, a few per cent, are not counted.
import { isWeightLayer, type Network, type WeightLayer } from './network.js';
import { type FeatureShape, layerShapes, parameterShapes } from './shapes.js';
import { elementCount } from '../tensor/tensor.js';

/** Floating point operations of one image. */
export interface NetworkFlops {
  /** Forward pass of the frozen layers 1..n; networks of a gang with the same source share it. */
  readonly frozenForward: number;
  /** Forward pass of the other layers. */
  readonly forward: number;
  /** Gradients by weights of the trained layers, and by inputs where something below is trained. */
  readonly backward: number;
}

/** FLOPs of the forward pass of each weight layer for one image: 2 x outputs x (inputs / groups) x
 *  kernel^2 x positions. */
export function forwardFlops(network: Network, classes: number): readonly number[] {
  const shapes = layerShapes(network, classes);
  return network.layers.filter(isWeightLayer).map((layer) => {
    const [, height, width] = shapes.get(layer.name) as FeatureShape;
    return 2 * weightCount(layer, shapes, classes) * height * width;
  });
}

function weightCount(
  layer: WeightLayer,
  shapes: ReadonlyMap<string, FeatureShape>,
  classes: number,
): number {
  const input = shapes.get(layer.inputs[0] as string) as FeatureShape;
  return elementCount(parameterShapes(layer, input, classes).weight);
}

/** FLOPs of one training image with weight layers 1..frozenLayers frozen (0: all learn). */
export function networkFlops(
  network: Network,
  classes: number,
  frozenLayers: number,
): NetworkFlops {
  const layers = forwardFlops(network, classes);
  const sum = (from: number, to: number): number =>
    layers.slice(from, to).reduce((total, flops) => total + flops, 0);
  const forward = sum(frozenLayers, layers.length);
  // The lowest trained layer has no gradient by its input.
  const byInputs = sum(frozenLayers + 1, layers.length);
  return { frozenForward: sum(0, frozenLayers), forward, backward: forward + byInputs };
}
