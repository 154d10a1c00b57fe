// Shorthand for writing a chain of layers: each one reads the layer before it.
import { squareWindow } from '../../tensor/window.js';
import type { Blob, Filler } from '../layers/blob.js';
import type { Layer } from '../layers/table.js';
import type { Network } from '../network.js';

/** A layer without its place in the chain: `inputs` is filled in by {@link chain}. */
export type Link = {
  [K in Layer['kind']]: Omit<Extract<Layer, { kind: K }>, 'inputs'>;
}[Layer['kind']];

/** Network data around a chain of layers. */
export interface ChainHead {
  readonly name: string;
  readonly channels: number;
  /** Height and width of the input. */
  readonly crop: number;
  /** The input is (pixel - mean image) * scale. */
  readonly scale: number;
}

/** The network whose layers follow one another from `data`, its input.
 *  @param head its name and its input
 *  @param links its layers, of `layer`; the last is the classifier */
export function chain({ name, channels, crop, scale }: ChainHead, links: readonly Link[]): Network {
  const layers = links.map((link, index) => {
    const before = index === 0 ? 'data' : (links[index - 1] as Link).name;
    return { ...link, inputs: [before] } as Layer;
  });
  return {
    name,
    input: { channels, height: crop, width: crop, scale: [scale], mean: 'image' },
    layers,
    output: links.at(-1)?.name ?? 'data',
  };
}

/** Caffe's usual weights: full learning rate, decayed. */
export function weight(filler: Filler): Blob {
  return { filler, lrMult: 1, decayMult: 1 };
}

/** Caffe's usual bias: twice the learning rate, never decayed. */
export function bias(value: number): Blob {
  return { filler: { type: 'constant', value }, lrMult: 2, decayMult: 0 };
}

/** ReLU of weight layer n. */
export function relu(n: number): Link {
  return { kind: 'relu', name: `relu${n}` };
}

/** Max pooling 3x3 stride 2, sizes rounded up, after weight layer n. */
export function pool(n: number): Link {
  return { kind: 'max-pool', name: `pool${n}`, ...squareWindow(3, 'ceil', { stride: 2 }) };
}

/** LRN over 5 channels, alpha 1e-4, beta 0.75, k 1, after weight layer n. */
export function norm(n: number): Link {
  return { kind: 'lrn', name: `norm${n}`, size: 5, alpha: 1e-4, beta: 0.75, k: 1 };
}

/** Dropout of one half after weight layer n. */
export function drop(n: number): Link {
  return { kind: 'dropout', name: `drop${n}`, ratio: 0.5 };
}
