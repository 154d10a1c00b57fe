// Parameters of every op. The keys of OpParamsMap are the ops; every table typed over OpName lists
// what a new op still lacks.
import type { StreamKey } from '../../base/threefry.js';
import type { Shape } from '../../tensor/tensor.js';
import type { Sliding, Window } from '../../tensor/window.js';

/** Convolution geometry; the kernel's size is the weights'. */
export interface ConvolutionParams extends Sliding {
  readonly groups: number;
}

/** Of gradients by weights and, unless there is none, by the bias. */
export interface WeightsGradientParams {
  readonly wShape: Shape;
  /** Left out where there is a bias. */
  readonly hasBias?: false;
}

/** See {@link batchNorm}. */
export interface BatchNormParams {
  readonly epsilon: number;
  readonly hasScale: boolean;
  readonly hasShift: boolean;
}

/** See {@link lrn}. */
export interface LrnParams {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

/** See {@link sgdUpdate}. `weightDecay` already holds the blob's decay multiplier. */
export interface SgdParams {
  readonly lrMult: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Nesterov's momentum; left out: the usual one. */
  readonly nesterov?: true;
  /** The learning rate is another in every run, so nothing is compiled for one of them. Changes how
   *  an executor may compute, not what. */
  readonly variesRate?: true;
  /** Name of the run's scalar that is the learning rate; left out: `learningRate`. */
  readonly rate?: string;
}

/** See {@link adamwUpdate}. `weightDecay` already holds the blob's decay multiplier. */
export interface AdamwParams {
  readonly lrMult: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Name of the run's scalar that is the learning rate; left out: `learningRate`. */
  readonly rate?: string;
}

/** See {@link softmaxCrossEntropy}; `smoothing` left out: 0. */
export interface CrossEntropyParams {
  readonly smoothing?: number;
}

/** Functions of {@link ActivationParams}. */
export type ActivationFunction =
  | 'sigmoid'
  | 'tanh'
  | 'silu'
  | 'hard-sigmoid'
  | 'hard-swish'
  | 'gelu'
  | 'gelu-tanh'
  | 'leaky-relu'
  | 'elu'
  | 'clip'
  | 'linear';

/** See {@link activation}. Numbers that are left out are the function's defaults. */
export interface ActivationParams {
  readonly function: ActivationFunction;
  readonly alpha?: number;
  readonly beta?: number;
}

/** See {@link slice}: one number an axis. */
export interface SliceParams {
  readonly starts: Shape;
  readonly ends: Shape;
  readonly steps: Shape;
}

/** See {@link matmul}; left out: false. */
export interface MatmulParams {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** See {@link averagePool}. */
export interface AveragePoolParams extends Window {
  readonly includePad: boolean;
}

/** See {@link mean}. */
export interface MeanParams {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Op name -> its parameters. */
export interface OpParamsMap {
  /** `scale`: one for all channels, or one a channel. */
  readonly normalise: { readonly scale: readonly number[] };
  readonly convolution: ConvolutionParams;
  readonly convolution_backward_data: ConvolutionParams & { readonly xShape: Shape };
  readonly convolution_backward_weights: ConvolutionParams & WeightsGradientParams;
  readonly inner_product: Readonly<Record<string, never>>;
  readonly inner_product_backward_data: { readonly xShape: Shape };
  readonly inner_product_backward_weights: WeightsGradientParams;
  readonly relu: Readonly<Record<string, never>>;
  readonly relu_backward: Readonly<Record<string, never>>;
  readonly max_pool: Window;
  readonly max_pool_backward: Window & { readonly xShape: Shape };
  readonly lrn: LrnParams;
  readonly lrn_backward: LrnParams;
  readonly dropout_mask: {
    readonly shape: Shape;
    readonly ratio: number;
    readonly key: StreamKey;
  };
  readonly multiply: Readonly<Record<string, never>>;
  readonly add: Readonly<Record<string, never>>;
  readonly softmax_cross_entropy: CrossEntropyParams;
  readonly softmax_cross_entropy_backward: CrossEntropyParams;
  /** `rows`: an answer a row instead of their number. */
  readonly top1_correct: { readonly rows?: true };
  readonly sgd_update: SgdParams;
  readonly activation: ActivationParams;
  readonly activation_backward: ActivationParams;
  readonly sum_to: { readonly shape: Shape };
  readonly broadcast_to: { readonly shape: Shape };
  readonly concat: { readonly axis: number };
  readonly slice: SliceParams;
  readonly slice_backward: SliceParams & { readonly xShape: Shape };
  readonly pad: { readonly pads: readonly number[]; readonly value: number };
  readonly reshape: { readonly shape: Shape };
  readonly transpose: { readonly axes: readonly number[] };
  readonly matmul: MatmulParams;
  readonly softmax: Readonly<Record<string, never>>;
  readonly softmax_backward: Readonly<Record<string, never>>;
  readonly layer_norm: { readonly epsilon: number };
  readonly layer_norm_backward: { readonly epsilon: number };
  readonly batch_norm: BatchNormParams;
  readonly batch_norm_backward: BatchNormParams;
  readonly batch_norm_inference: BatchNormParams;
  readonly batch_norm_inference_backward: BatchNormParams;
  /** `factor` corrects the new value, e.g. n / (n - 1) for an unbiased variance. */
  readonly running_average: { readonly momentum: number; readonly factor: number };
  readonly average_pool: AveragePoolParams;
  readonly average_pool_backward: AveragePoolParams & { readonly xShape: Shape };
  readonly mean: MeanParams;
  readonly mean_backward: MeanParams & { readonly xShape: Shape };
  readonly adamw_update: AdamwParams;
  readonly clip_factor: { readonly limit: number };
  readonly scale_by: Readonly<Record<string, never>>;
}

/** Name of an op. */
export type OpName = keyof OpParamsMap;

/** Parameters of op K. */
export type OpParams<K extends OpName> = OpParamsMap[K];
