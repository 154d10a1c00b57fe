// Shapes of a network: what every layer puts out and which parameter tensors it has. Batch axis
// left out.
import { ShapeError } from '../base/errors.js';
import { elementCount, type Shape } from '../tensor/tensor.js';
import { positionsOf, squareWindow } from '../tensor/window.js';
import { isWeightLayer, type Layer, type Network, type WeightLayer } from './network.js';

/** [C,H,W] of an activation (an inner product gives [outputs,1,1]). */
export type FeatureShape = readonly [channels: number, height: number, width: number];

/** Output shape of every layer, in the network's order, for a task with `classes` classes.
 *  @throws ShapeError naming the layer that does not fit. */
export function layerShapes(network: Network, classes: number): ReadonlyMap<string, FeatureShape> {
  const shapes = new Map<string, FeatureShape>([
    ['data', [network.channels, network.crop, network.crop]],
  ]);
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => {
      const shape = shapes.get(name);
      if (shape === undefined) {
        throw new ShapeError(
          `network ${network.name}: layer "${layer.name}" reads "${name}", which no layer before it is called`,
        );
      }
      return shape;
    });
    shapes.set(layer.name, outputShape(network, layer, inputs, classes));
  }
  return shapes;
}

function outputShape(
  network: Network,
  layer: Layer,
  inputs: readonly FeatureShape[],
  classes: number,
): FeatureShape {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    throw new ShapeError(
      `network ${network.name}: layer "${layer.name}" has ${inputs.length} inputs, a ${layer.kind} takes 1`,
    );
  }
  if (layer.kind === 'inner-product') {
    return [layer.outputs === 'classes' ? classes : layer.outputs, 1, 1];
  }
  if (layer.kind !== 'convolution' && layer.kind !== 'max-pool') return input;
  const [channels, height, width] = input;
  if (Math.min(height, width) + 2 * layer.pad < layer.kernel) {
    throw new ShapeError(
      `network ${network.name}: layer "${layer.name}" has a ${layer.kernel}x${layer.kernel} window, its input is only ${height}x${width} with pad ${layer.pad}`,
    );
  }
  if (layer.kind === 'max-pool') {
    return [channels, ...positionsOf(squareWindow(layer.kernel, 'ceil', layer), [height, width])];
  }
  if (channels % layer.groups !== 0 || layer.outputs % layer.groups !== 0) {
    throw new ShapeError(
      `network ${network.name}: layer "${layer.name}" has ${layer.groups} groups, which divide neither or only one of its ${channels} inputs and ${layer.outputs} outputs`,
    );
  }
  return [
    layer.outputs,
    ...positionsOf(squareWindow(layer.kernel, 'floor', layer), [height, width]),
  ];
}

/** Weight and bias shapes of a weight layer whose input is `input`: [O, C/groups, K, K] or [O,
 *  C*H*W], and [O]. */
export function parameterShapes(
  layer: WeightLayer,
  input: FeatureShape,
  classes: number,
): { readonly weight: Shape; readonly bias: Shape } {
  if (layer.kind === 'convolution') {
    const { outputs, kernel, groups } = layer;
    return { weight: [outputs, input[0] / groups, kernel, kernel], bias: [outputs] };
  }
  const outputs = layer.outputs === 'classes' ? classes : layer.outputs;
  return { weight: [outputs, elementCount(input)], bias: [outputs] };
}

/** Parameters (weights and biases) of each weight layer, in order. */
export function parameterCounts(network: Network, classes: number): readonly number[] {
  const shapes = layerShapes(network, classes);
  return network.layers.filter(isWeightLayer).map((layer) => {
    const input = shapes.get(layer.inputs[0] as string) as FeatureShape;
    const { weight, bias } = parameterShapes(layer, input, classes);
    return elementCount(weight) + elementCount(bias);
  });
}
