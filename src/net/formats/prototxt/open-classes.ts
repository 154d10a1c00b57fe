// The layer whose outputs are the classes, however many they are.
import type { Layer, LayerKind } from '../../layers/table.js';
import type { WeightLayer } from '../../network.js';

// After these the outputs of the layer below are still the classes.
const keepsClasses: ReadonlySet<LayerKind> = new Set<LayerKind>([
  'relu',
  'activation',
  'prelu',
  'dropout',
  'lrn',
  'batch-norm',
  'max-pool',
  'average-pool',
  'mean',
]);

/** The layer that makes the classes below pooling and functions of them; null if their number
 *  depends on more than one layer. */
export function classLayer(layers: readonly Layer[], output: string): WeightLayer | null {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  let top = byName.get(output);
  while (top !== undefined && keepsClasses.has(top.kind)) top = byName.get(top.inputs[0] ?? '');
  return top?.kind === 'convolution' || top?.kind === 'inner-product' ? top : null;
}
