// Network -> ops: the forward pass of one network. Gangs call it once a network and share what is
// equal (builder.ts).
import { assert, PlanError } from '../base/errors.js';
import { streamKey } from '../base/random-stream.js';
import type { Json } from '../base/canonical-json.js';
import { isWeightLayer, type Layer, type Network, type WeightLayer } from './network.js';
import type { ProgramBuilder } from '../program/builder.js';
import type { ValueId } from '../program/types.js';
import { elementCount, type Shape } from '../tensor/tensor.js';
import { squareSliding, squareWindow } from '../tensor/window.js';

/** Weight or bias of a weight layer. */
export type BlobName = 'weight' | 'bias';

/** How one network enters a program. */
export interface LowerOptions {
  /** Dropout is active in training only. */
  readonly mode: 'train' | 'test';
  /** Classes of the target task: outputs of layers with `outputs: 'classes'`. */
  readonly classes: number;
  /** The value of a parameter; called once a blob, in layer order, with its shape. */
  readonly parameter: (layer: WeightLayer, blob: BlobName, shape: Shape) => ValueId;
  /** Name of the dropout stream; each layer's own name is appended. */
  readonly dropoutStream: readonly Json[];
}

/** Emits the forward pass.
 *  @param x f32 [N,C,H,W] normalised input.
 *  @returns logits f32 [N,classes] */
export function lowerNetwork(
  builder: ProgramBuilder,
  network: Network,
  x: ValueId,
  options: LowerOptions,
): ValueId {
  const outputs = new Map<string, ValueId>([['data', x]]);
  let last = x;
  for (const layer of network.layers) {
    const [input] = layer.inputs.map((name) => outputs.get(name));
    if (input === undefined || layer.inputs.length !== 1) {
      throw new PlanError(
        `network ${network.name}: layer ${layer.name} reads ${layer.inputs.join(', ') || 'nothing'}, wanted one earlier layer`,
      );
    }
    last = lowerLayer(builder, layer, input, options);
    outputs.set(layer.name, last);
  }
  return last;
}

function lowerLayer(
  builder: ProgramBuilder,
  layer: Layer,
  x: ValueId,
  options: LowerOptions,
): ValueId {
  if (isWeightLayer(layer)) return lowerWeightLayer(builder, layer, x, options);
  switch (layer.kind) {
    case 'relu':
      return builder.apply('relu', {}, [x]);
    case 'max-pool': {
      const { kernel, stride, pad } = layer;
      return builder.apply('max_pool', squareWindow(kernel, 'ceil', { stride, pad }), [x]);
    }
    case 'lrn': {
      const { size, alpha, beta, k } = layer;
      return builder.apply('lrn', { size, alpha, beta, k }, [x]);
    }
    case 'dropout': {
      if (options.mode === 'test') return x;
      const key = streamKey(['dropout', ...options.dropoutStream, layer.name]);
      const { shape } = builder.typeOf(x);
      const mask = builder.apply('dropout_mask', { shape, ratio: layer.ratio, key }, []);
      return builder.apply('multiply', {}, [x, mask]);
    }
  }
}

function lowerWeightLayer(
  builder: ProgramBuilder,
  layer: WeightLayer,
  x: ValueId,
  options: LowerOptions,
): ValueId {
  const { shape } = builder.typeOf(x);
  const outputs = layer.outputs === 'classes' ? options.classes : layer.outputs;
  const weightShape = weightShapeOf(layer, outputs, shape);
  const w = options.parameter(layer, 'weight', weightShape);
  const b = options.parameter(layer, 'bias', [outputs]);
  if (layer.kind === 'inner-product') return builder.apply('inner_product', {}, [x, w, b]);
  const { stride, pad, groups } = layer;
  return builder.apply('convolution', { ...squareSliding({ stride, pad }), groups }, [x, w, b]);
}

function weightShapeOf(layer: WeightLayer, outputs: number, input: Shape): Shape {
  const [, ...features] = input;
  if (layer.kind === 'inner-product') return [outputs, elementCount(features)];
  const [channels] = features;
  assert(channels !== undefined, `layer ${layer.name} has no input channels`);
  return [outputs, channels / layer.groups, layer.kernel, layer.kernel];
}
