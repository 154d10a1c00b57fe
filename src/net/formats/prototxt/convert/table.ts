// How each kind of layer of Caffe is converted.
import type { CaffeKind } from '../kinds.js';
import type { Converter } from './converter.js';
import { clip, dropout, elu, lrn, power, prelu } from './elementwise.js';
import { relu, relu6, sigmoid, swish, tanh } from './elementwise.js';
import { concat, eltwise } from './join.js';
import { batchNorm, bias, scale } from './norms.js';
import { pooling } from './pooling.js';
import { reshape } from './reshape.js';
import { convolution, innerProduct } from './weighted.js';

/** Kinds that become layers of ours. */
export type ComputingKind = Exclude<
  CaffeKind,
  | 'data'
  | 'padding'
  | 'flatten'
  | 'split'
  | 'softmax'
  | 'loss'
  | 'other-loss'
  | 'measure'
  | 'unknown'
>;

/** Kind -> converter. */
export const converters: Readonly<Record<ComputingKind, Converter>> = {
  convolution,
  'inner-product': innerProduct,
  relu,
  prelu,
  elu,
  sigmoid,
  tanh,
  power,
  clip,
  relu6,
  swish,
  pooling,
  lrn,
  dropout,
  'batch-norm': batchNorm,
  scale,
  bias,
  eltwise,
  concat,
  reshape,
};

/** Whether layers of a kind become layers of ours. */
export function isComputing(kind: CaffeKind): kind is ComputingKind {
  return Object.hasOwn(converters, kind);
}

/** Kinds that give the same whether an image is flat or not. */
export const elementwise: ReadonlySet<CaffeKind> = new Set<ComputingKind>([
  'relu',
  'elu',
  'sigmoid',
  'tanh',
  'power',
  'clip',
  'relu6',
  'swish',
  'dropout',
]);

/** How many bottoms a kind reads, at least and at most; 1 unless written here. */
export const bottomsOf: { readonly [K in CaffeKind]?: readonly [least: number, most: number] } = {
  eltwise: [2, Infinity],
  concat: [1, Infinity],
  scale: [1, 2],
};
