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
import type { LayerRule } from './rule.js';

/** Kind -> layer. */
export interface LayerMap {
  readonly convolution: ConvolutionLayer;
  readonly 'inner-product': InnerProductLayer;
  readonly relu: ReluLayer;
  readonly 'max-pool': MaxPoolLayer;
  readonly lrn: LrnLayer;
  readonly dropout: DropoutLayer;
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
  'batch-norm': batchNorm,
  'average-pool': averagePool,
  mean,
};
