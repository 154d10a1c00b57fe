// Network -> ops: the forward pass of one network, layer by layer by each kind's own rule. Gangs
// call it once a network and share what is equal (builder.ts).
import type { Json } from '../base/canonical-json.js';
import { OpParamError, ShapeError } from '../base/errors.js';
import type { Emitter } from '../program/ops/rule.js';
import type { ValueId } from '../program/types.js';
import type { BlobSpec } from './layers/blob.js';
import type { LayerRule, LowerContext, Mode } from './layers/rule.js';
import { type Layer, layerRules } from './layers/table.js';
import type { Network } from './network.js';

/** How one network enters a program. */
export interface LowerOptions {
  readonly mode: Mode;
  /** Classes of the target task: outputs of layers with `outputs: 'classes'`. */
  readonly classes: number;
  /** Names of layers whose blobs may not change; default none. */
  readonly frozen?: ReadonlySet<string>;
  /** `target`: the statistics of frozen layers are re-estimated all the same; left out: they stay
   *  as they are. */
  readonly frozenStatistics?: 'target';
  /** The value of a blob; called once a blob, in layer order. */
  readonly blob: (layer: Layer, blob: BlobSpec) => ValueId;
  /** See {@link LowerContext}; needed where a layer has statistics. */
  readonly setStatistic?: (layer: Layer, blob: string, next: ValueId) => void;
  /** Name of the dropout stream; each layer's own name is appended. */
  readonly dropoutStream: readonly Json[];
  /** Told of each layer's output once its ops are emitted. */
  readonly onLayer?: (layer: Layer, output: ValueId, blobs: readonly BlobSpec[]) => void;
  /** Rules in place of the kinds' own: for tests. */
  readonly rules?: typeof layerRules;
}

/** Emits the forward pass.
 *  @param x f32 [N,C,H,W] normalised input
 *  @returns logits f32 [N,classes]
 *  @throws ShapeError naming the layer that does not fit, or the missing input or output */
export function lowerNetwork(
  emitter: Emitter,
  network: Network,
  x: ValueId,
  options: LowerOptions,
): ValueId {
  const outputs = new Map<string, ValueId>([['data', x]]);
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => outputs.get(name));
    if (!inputs.every((input) => input !== undefined)) {
      throw new ShapeError(
        `network ${network.name}: layer "${layer.name}" reads "${layer.inputs[inputs.indexOf(undefined)]}", which is the name of no earlier layer`,
      );
    }
    outputs.set(layer.name, lowerNamed(emitter, network, layer, inputs, options));
  }
  const logits = outputs.get(network.output);
  if (logits === undefined) {
    throw new ShapeError(`network ${network.name}: no layer is named "${network.output}"`);
  }
  return logits;
}

function lowerNamed(
  emitter: Emitter,
  network: Network,
  layer: Layer,
  inputs: readonly ValueId[],
  options: LowerOptions,
): ValueId {
  try {
    return lowerLayer(emitter, layer, inputs, options);
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof OpParamError)) throw error;
    throw new ShapeError(`network ${network.name}: layer "${layer.name}": ${error.message}`, {
      cause: error,
    });
  }
}

function lowerLayer(
  emitter: Emitter,
  layer: Layer,
  inputs: readonly ValueId[],
  options: LowerOptions,
): ValueId {
  const { rules = layerRules, setStatistic = () => {} } = options;
  const rule = rules[layer.kind] as LayerRule<Layer>;
  const shapes = inputs.map((input) => emitter.typeOf(input).shape);
  const specs = rule.blobs(layer, shapes, options.classes);
  const keepsAll = options.frozenStatistics === undefined;
  const isFrozen = keepsAll && (options.frozen?.has(layer.name) ?? false);
  const context: LowerContext = {
    emitter,
    mode: options.mode,
    isFrozen,
    dropoutStream: options.dropoutStream,
    setStatistic: (blob, next) => setStatistic(layer, blob, next),
  };
  const blobs = specs.map((spec) => options.blob(layer, spec));
  const output = rule.lower(context, layer, inputs, blobs);
  options.onLayer?.(layer, output, specs);
  return output;
}
