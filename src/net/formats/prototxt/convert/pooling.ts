// Pooling over windows or the whole image.
import { squareSliding } from '../../../../tensor/window.js';
import type { Layer } from '../../../layers/table.js';
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';
import { windowOf } from '../window-fields.js';
import { type Converter, type LayerPlace, wired } from './converter.js';
import { expectOnly } from './only.js';

/** MAX or AVE. Caffe's mean divides by the window's cells inside the image and its pads, as ours
 *  with `includePad`: what hangs over beyond the pads does not count. */
export const pooling: Converter = (layer, place, issues) => {
  const { parameters } = layer;
  const pool = parameters.text('pool') ?? 'MAX';
  if (pool !== 'MAX' && pool !== 'AVE') {
    const { name } = layer;
    issues.add(
      layer.place,
      `layer "${name}": pool: ${pool} is not supported, only MAX and AVE are`,
    );
  }
  const rounding = parameters.text('round_mode') === 'FLOOR' ? 'floor' : 'ceil';
  if (parameters.flag('global_pooling', false)) return globally(layer, place, pool, issues);
  const window = windowOf(layer, issues);
  const common = { ...wired(layer, place), ...window, rounding } as const;
  if (pool !== 'AVE') return { kind: 'max-pool', ...common };
  return { kind: 'average-pool', ...common, includePad: true };
};

function globally(layer: CaffeLayer, place: LayerPlace, pool: string, issues: Issues): Layer {
  expectOnly(layer, issues, { stride: 1, pad: 0 });
  if (pool === 'AVE') return { kind: 'mean', ...wired(layer, place), axes: [2, 3], keepDims: true };
  const [, height = 1, width = 1] = place.inputs[0].shape ?? [];
  return {
    kind: 'max-pool',
    ...wired(layer, place),
    kernel: [height, width],
    ...squareSliding(),
    rounding: 'floor',
  };
}
