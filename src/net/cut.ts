// Where a network can be cut: after weight layer n and the parameter-free layers that follow it.
import { PlanError } from '../base/errors.js';
import { isWeightLayer, type Network, weightLayers } from './network.js';

/** Index into `network.layers` of the first layer above cut n: layers before it hold weight layers
 *  1..n and the parameter-free layers that follow n. n = 0 gives 0, n = L the number of layers.
 *  @throws PlanError if n is outside 0..L or more than one tensor crosses the cut. */
export function cutAfter(network: Network, n: number): number {
  const count = weightLayers(network).length;
  if (!Number.isInteger(n) || n < 0 || n > count) {
    throw new PlanError(
      `network ${network.name}: cannot be cut after weight layer ${n}, it has ${count}`,
    );
  }
  if (n === 0) return 0;
  const places = network.layers.flatMap((layer, index) => (isWeightLayer(layer) ? [index] : []));
  const index = places[n] ?? network.layers.length;
  const crossing = crossingTensors(network, index);
  if (crossing.length > 1) {
    throw new PlanError(
      `network ${network.name}: cannot be cut after weight layer ${n}, ${crossing.length} tensors cross there (${crossing.join(', ')}), wanted 1`,
    );
  }
  return index;
}

/** Names of the tensors below `index` (`data` included) that layers at or above it read. */
function crossingTensors(network: Network, index: number): readonly string[] {
  const below = new Set(['data', ...network.layers.slice(0, index).map((layer) => layer.name)]);
  const read = network.layers.slice(index).flatMap((layer) => layer.inputs);
  return [...new Set(read)].filter((name) => below.has(name));
}

/** Every n in 1..L-1 after which the network can be cut, ascending. */
export function cutPoints(network: Network): readonly number[] {
  const count = weightLayers(network).length;
  return Array.from({ length: count - 1 }, (_, index) => index + 1).filter((n) => {
    try {
      cutAfter(network, n);
      return true;
    } catch (error) {
      if (error instanceof PlanError) return false;
      throw error;
    }
  });
}
