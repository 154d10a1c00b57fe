// The table of all op lowerings. Typed over OpName: the compiler names an op that lacks its
// lowering.
import type { OpName } from '../../../program/ops/params.js';
import type { Node } from '../../../program/types.js';
import type { EntryLowering } from './entry-lowering.js';
import {
  lowerConvolution,
  lowerConvolutionBackwardData,
  lowerConvolutionBackwardWeights,
} from './lower-convolution.js';
import { lowerBinary, lowerRelu, lowerReluBackward } from './lower-elementwise.js';
import {
  lowerDropoutMask,
  lowerNormalise,
  lowerSoftmaxCrossEntropy,
  lowerSoftmaxCrossEntropyBackward,
  lowerTop1Correct,
} from './lower-host.js';
import {
  lowerInnerProduct,
  lowerInnerProductBackwardData,
  lowerInnerProductBackwardWeights,
} from './lower-inner-product.js';
import {
  lowerLrn,
  lowerLrnBackward,
  lowerMaxPool,
  lowerMaxPoolBackward,
} from './lower-normalising.js';
import { lowerSgdUpdate } from './lower-sgd-update.js';

/** Turns one node into steps. */
export type Lowering<K extends OpName> = (lowering: EntryLowering, node: Node<K>) => void;

/** Op name -> lowering. */
export const lowerings: { readonly [K in OpName]: Lowering<K> } = {
  normalise: lowerNormalise,
  convolution: lowerConvolution,
  convolution_backward_data: lowerConvolutionBackwardData,
  convolution_backward_weights: lowerConvolutionBackwardWeights,
  inner_product: lowerInnerProduct,
  inner_product_backward_data: lowerInnerProductBackwardData,
  inner_product_backward_weights: lowerInnerProductBackwardWeights,
  relu: lowerRelu,
  relu_backward: lowerReluBackward,
  max_pool: lowerMaxPool,
  max_pool_backward: lowerMaxPoolBackward,
  lrn: lowerLrn,
  lrn_backward: lowerLrnBackward,
  dropout_mask: lowerDropoutMask,
  multiply: lowerBinary,
  add: lowerBinary,
  softmax_cross_entropy: lowerSoftmaxCrossEntropy,
  softmax_cross_entropy_backward: lowerSoftmaxCrossEntropyBackward,
  top1_correct: lowerTop1Correct,
  sgd_update: lowerSgdUpdate,
};
