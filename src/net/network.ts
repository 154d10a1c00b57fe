// A network as data: layers with names and inputs (a graph). Formats (presets, later prototxt,
// ONNX) produce it; src/train lowers it to a program.

/** How fresh values of a parameter are drawn. `he`: normal with sd sqrt(2 / fan-in). */
export type Filler =
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'gaussian'; readonly std: number }
  | { readonly type: 'he' };

/** One parameter tensor of a layer: its filler and its multipliers of learning rate and weight
 *  decay. */
export interface Blob {
  readonly filler: Filler;
  readonly lrMult: number;
  readonly decayMult: number;
}

interface LayerBase {
  readonly name: string;
  /** Names of the layers whose outputs this one reads; `data` is the network's input. */
  readonly inputs: readonly string[];
}

/** y = x * w + b; w [outputs, C/groups, kernel, kernel], square kernels, zero padding on all
 *  sides. */
export interface ConvolutionLayer extends LayerBase {
  readonly kind: 'convolution';
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly groups: number;
  readonly weight: Blob;
  readonly bias: Blob;
}

/** y = x w^T + b on the flattened input; w [outputs, C*H*W]. `outputs: 'classes'` = classes of the
 *  target task. */
export interface InnerProductLayer extends LayerBase {
  readonly kind: 'inner-product';
  readonly outputs: number | 'classes';
  readonly weight: Blob;
  readonly bias: Blob;
}

/** y = max(x, 0). */
export interface ReluLayer extends LayerBase {
  readonly kind: 'relu';
}

/** Maximum over windows; output size ceil((in + 2 pad - kernel) / stride) + 1, as Caffe rounds. */
export interface MaxPoolLayer extends LayerBase {
  readonly kind: 'max-pool';
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/** Local response normalisation across channels: x / (k + alpha/size * sum of x^2 over `size`
 *  channels)^beta. */
export interface LrnLayer extends LayerBase {
  readonly kind: 'lrn';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

/** Training only: zeroes each element with probability `ratio`, scales the rest by 1 / (1 -
 *  ratio). */
export interface DropoutLayer extends LayerBase {
  readonly kind: 'dropout';
  readonly ratio: number;
}

/** Any layer. */
export type Layer =
  ConvolutionLayer | InnerProductLayer | ReluLayer | MaxPoolLayer | LrnLayer | DropoutLayer;

/** A layer that has parameters; the paper's n counts these. */
export type WeightLayer = ConvolutionLayer | InnerProductLayer;

/** Layers in topological order; the last one's output is the logits. */
export interface Network {
  readonly name: string;
  /** Channels and height = width of the input after cropping. */
  readonly channels: number;
  readonly crop: number;
  /** The input is (pixel - mean) * inputScale, pixels 0..255. */
  readonly inputScale: number;
  readonly layers: readonly Layer[];
}

/** True for layers with parameters. */
export function isWeightLayer(layer: Layer): layer is WeightLayer {
  return layer.kind === 'convolution' || layer.kind === 'inner-product';
}

/** The weight layers in order: element n - 1 is weight layer n of the paper. */
export function weightLayers(network: Network): readonly WeightLayer[] {
  return network.layers.filter(isWeightLayer);
}
