// The table of all kinds of layers. Typed over LayerMap: the compiler names a kind that lacks its
// rule, and nothing has a default for kinds that it does not know.
import { type AveragePoolLayer, averagePool } from './average-pool.js';
import { type BatchNormLayer, batchNorm } from './batch-norm.js';
import { type ConvolutionLayer, convolution } from './convolution.js';
import { type DropoutLayer, dropout } from './dropout.js';
import { type InnerProductLayer, innerProduct } from './inner-product.js';
import { type LrnLayer, lrn } from './lrn.js';
import { type MaxPoolLayer, maxPool } from './max-pool.js';
import { type MeanLayer, mean } from './mean.js';
import { type ReluLayer, relu } from './relu.js';
import { type ActivationLayer, activation } from './activation.js';
import { type PreluLayer, prelu } from './prelu.js';
import { type AddLayer, add } from './add.js';
import { type MultiplyLayer, multiply } from './multiply.js';
import { type AffineLayer, affine } from './affine.js';
import { type ParameterLayer, parameter } from './parameter.js';
import { type BroadcastLayer, broadcast } from './broadcast.js';
import { type ConcatLayer, concat } from './concat.js';
import { type SliceLayer, slice } from './slice.js';
import { type PadLayer, pad } from './pad.js';
import { type ReshapeLayer, reshape } from './reshape.js';
import { type TransposeLayer, transpose } from './transpose.js';
import { type MatmulLayer, matmul } from './matmul.js';
import { type SoftmaxLayer, softmax } from './softmax.js';
import { type LayerNormLayer, layerNorm } from './layer-norm.js';
import { type GroupNormLayer, groupNorm } from './group-norm.js';
import type { LayerRule } from './rule.js';

/** Kind -> layer. */
export interface LayerMap {
  readonly convolution: ConvolutionLayer;
  readonly 'inner-product': InnerProductLayer;
  readonly relu: ReluLayer;
  readonly 'max-pool': MaxPoolLayer;
  readonly lrn: LrnLayer;
  readonly dropout: DropoutLayer;
  readonly activation: ActivationLayer;
  readonly prelu: PreluLayer;
  readonly add: AddLayer;
  readonly multiply: MultiplyLayer;
  readonly affine: AffineLayer;
  readonly parameter: ParameterLayer;
  readonly broadcast: BroadcastLayer;
  readonly concat: ConcatLayer;
  readonly slice: SliceLayer;
  readonly pad: PadLayer;
  readonly reshape: ReshapeLayer;
  readonly transpose: TransposeLayer;
  readonly matmul: MatmulLayer;
  readonly softmax: SoftmaxLayer;
  readonly 'layer-norm': LayerNormLayer;
  readonly 'group-norm': GroupNormLayer;
  readonly 'batch-norm': BatchNormLayer;
  readonly 'average-pool': AveragePoolLayer;
  readonly mean: MeanLayer;
}

/** Name of a kind of layer. */
export type LayerKind = keyof LayerMap;

/** Any layer. */
export type Layer = LayerMap[LayerKind];

/** Kind -> rule. */
export const layerRules: { readonly [K in LayerKind]: LayerRule<LayerMap[K]> } = {
  convolution,
  'inner-product': innerProduct,
  relu,
  'max-pool': maxPool,
  lrn,
  dropout,
  activation,
  prelu,
  add,
  multiply,
  affine,
  parameter,
  broadcast,
  concat,
  slice,
  pad,
  reshape,
  transpose,
  matmul,
  softmax,
  'layer-norm': layerNorm,
  'group-norm': groupNorm,
  'batch-norm': batchNorm,
  'average-pool': averagePool,
  mean,
};
