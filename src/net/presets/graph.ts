// Shorthand for writing networks with branches: layers are added one after another, each reads the
// one before it unless it is told what to read.
import { squareSliding, squareWindow } from '../../tensor/window.js';
import type { Blob, Filler } from '../layers/blob.js';
import type { Layer } from '../layers/table.js';
import type { Network, NetworkInput } from '../network.js';

type Bare<K extends Layer['kind']> = Omit<Extract<Layer, { kind: K }>, 'inputs'>;

/** A layer without its inputs. */
export type BareLayer = { [K in Layer['kind']]: Bare<K> }[Layer['kind']];

/** How the layers of a family of networks start and learn, and what its batch norms are. */
export interface Habits {
  /** Weights of convolutions with so many weights for one output and for one input channel. */
  readonly convolution: (fanIn: number, fanOut: number) => Filler;
  /** Multiplier of weight decay of biases and of what norms learn. */
  readonly normDecay: 0 | 1;
  readonly epsilon: number;
}

/** Size and movement of a convolution; pad so that stride 1 keeps the size, unless given. */
export interface ConvShape {
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

/** A blob that learns at the full rate. */
export function learned(filler: Filler, decayMult: 0 | 1 = 1): Blob {
  return { filler, lrMult: 1, decayMult };
}

/** Uniform within 1 / sqrt(fan-in): how PyTorch starts what nobody starts otherwise. */
export function torchDefault(fanIn: number): Filler {
  const bound = 1 / Math.sqrt(fanIn);
  return { type: 'uniform', min: -bound, max: bound };
}

/** A network in the making. */
export class Graph {
  readonly #layers: Layer[] = [];
  readonly #habits: Habits;
  #last = 'data';

  constructor(habits: Habits) {
    this.#habits = habits;
  }

  /** Name of the layer that was added last. */
  get last(): string {
    return this.#last;
  }

  /** Adds a layer; it reads the last one unless `inputs` says otherwise. @returns its name */
  add(layer: BareLayer, ...inputs: readonly string[]): string {
    this.#layers.push({ ...layer, inputs: inputs.length > 0 ? inputs : [this.#last] } as Layer);
    this.#last = layer.name;
    return layer.name;
  }

  /** Adds a convolution without bias of `inputs` channels. */
  conv(name: string, inputs: number, outputs: number, shape: ConvShape, from?: string): string {
    const { kernel, stride = 1, groups = 1 } = shape;
    const fans = [(kernel ** 2 * inputs) / groups, (kernel ** 2 * outputs) / groups] as const;
    const layer: Bare<'convolution'> = {
      kind: 'convolution',
      name,
      outputs,
      kernel: [kernel, kernel],
      ...squareSliding({ stride, pad: (kernel - 1) >> 1 }),
      groups,
      weight: learned(this.#habits.convolution(...fans)),
      bias: null,
    };
    return this.add(layer, ...(from === undefined ? [] : [from]));
  }

  /** Adds batch normalisation, which starts as the identity after normalising. */
  norm(name: string): string {
    const { epsilon, normDecay } = this.#habits;
    return this.add({
      kind: 'batch-norm',
      name,
      epsilon,
      momentum: 0.1,
      scale: learned({ type: 'constant', value: 1 }, normDecay),
      shift: learned({ type: 'constant', value: 0 }, normDecay),
    });
  }

  /** Adds an inner product of `inputs` values with a bias. */
  linear(
    name: string,
    outputs: number | 'classes',
    { weight, bias }: { readonly weight: Filler; readonly bias: Filler },
  ): string {
    return this.add({
      kind: 'inner-product',
      name,
      outputs,
      weight: learned(weight),
      bias: learned(bias, this.#habits.normDecay),
    });
  }

  relu(name: string): string {
    return this.add({ kind: 'relu', name });
  }

  /** Adds max pooling whose number of windows is rounded down. */
  maxPool(name: string, kernel: number, move: { stride: number; pad?: number }): string {
    return this.add({ kind: 'max-pool', name, ...squareWindow(kernel, 'floor', move) });
  }

  /** Adds the mean of each channel, [N,C,H,W] -> [N,C]. */
  globalMean(name: string): string {
    return this.add({ kind: 'mean', name, axes: [2, 3], keepDims: false });
  }

  /** Adds the sum of two layers. */
  sum(name: string, a: string, b: string): string {
    return this.add({ kind: 'add', name }, a, b);
  }

  /** The network, whose output is the last layer. */
  network(name: string, input: NetworkInput): Network {
    return { name, input, layers: this.#layers, output: this.#last };
  }
}

/** Colour images of `size` x `size` pixels less the mean image, over 64: as the small presets read
 *  theirs. */
export function smallInput(size: number): NetworkInput {
  return { channels: 3, height: size, width: size, scale: [1 / 64], mean: 'image' };
}

/** Colour images of 224 x 224 pixels, ImageNet's mean and deviation of each channel, pixels 0..255.
 *  @source torchvision's references: mean 0.485, 0.456, 0.406, deviation 0.229, 0.224, 0.225 of
 *  0..1 */
export const imagenetInput: NetworkInput = {
  channels: 3,
  height: 224,
  width: 224,
  scale: [0.229, 0.224, 0.225].map((deviation) => 1 / (255 * deviation)),
  mean: [0.485, 0.456, 0.406].map((mean) => 255 * mean),
};

/** Normal with sd sqrt(2 / fan-out): He et al. 2015, as torchvision starts its convolutions. */
export const heFanOut = (): Filler => ({ type: 'he', norm: 'fan-out' });
