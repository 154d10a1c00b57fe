// The layer whose outputs are the classes.
import type { Layer } from './layers/table.js';
import { type Network, outputLayer } from './network.js';

/** Outputs of the layer that gives the logits, as written; null if it has none of its own. */
export function classifierOutputs(network: Network): number | 'classes' | null {
  const layer = outputLayer(network);
  return layer !== undefined && 'outputs' in layer ? layer.outputs : null;
}

/** The network with so many outputs, or with as many as the target task has classes. A network
 *  whose last layer has no outputs of its own is returned as it is. */
export function withOutputs(network: Network, outputs: number | 'classes'): Network {
  const layers = network.layers.map((layer): Layer =>
    layer.name === network.output && 'outputs' in layer ? { ...layer, outputs } : layer,
  );
  return { ...network, layers };
}
