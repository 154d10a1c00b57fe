// The table of all reference kernels. Typed over OpName: the compiler names an op that lacks its
// kernel.
import { activation, activationBackward } from './activation.js';
import { broadcastTo, sumTo } from './broadcast.js';
import { averagePool, averagePoolBackward } from './average-pool.js';
import {
  batchNorm,
  batchNormBackward,
  batchNormInference,
  batchNormInferenceBackward,
} from './batch-norm.js';
import { adamwUpdate } from './adamw-update.js';
import { clipFactor, scaleBy } from './clipping.js';
import { convolution, convolutionBackwardData, convolutionBackwardWeights } from './convolution.js';
import { add, dropoutMask, multiply } from './elementwise.js';
import {
  innerProduct,
  innerProductBackwardData,
  innerProductBackwardWeights,
} from './inner-product.js';
import type { Kernels } from './kernel.js';
import { layerNorm, layerNormBackward } from './layer-norm.js';
import { softmaxCrossEntropy, softmaxCrossEntropyBackward, top1Correct } from './loss.js';
import { lrn, lrnBackward } from './lrn.js';
import { matmul } from './matmul.js';
import { maxPool, maxPoolBackward } from './max-pool.js';
import { concat, pad, reshape, slice, sliceBackward, transpose } from './moves.js';
import { mean, meanBackward } from './mean.js';
import { normalise } from './normalise.js';
import { relu, reluBackward } from './relu.js';
import { runningAverage } from './running-average.js';
import { sgdUpdate } from './sgd-update.js';
import { softmax, softmaxBackward } from './softmax.js';

/** Op name -> float64 kernel. */
export const referenceKernels: Kernels = {
  normalise,
  convolution,
  convolution_backward_data: convolutionBackwardData,
  convolution_backward_weights: convolutionBackwardWeights,
  inner_product: innerProduct,
  inner_product_backward_data: innerProductBackwardData,
  inner_product_backward_weights: innerProductBackwardWeights,
  relu,
  relu_backward: reluBackward,
  max_pool: maxPool,
  max_pool_backward: maxPoolBackward,
  lrn,
  lrn_backward: lrnBackward,
  dropout_mask: dropoutMask,
  multiply,
  add,
  softmax_cross_entropy: softmaxCrossEntropy,
  softmax_cross_entropy_backward: softmaxCrossEntropyBackward,
  top1_correct: top1Correct,
  sgd_update: sgdUpdate,
  activation,
  activation_backward: activationBackward,
  sum_to: sumTo,
  broadcast_to: broadcastTo,
  concat,
  slice,
  slice_backward: sliceBackward,
  pad,
  reshape,
  transpose,
  matmul,
  softmax,
  softmax_backward: softmaxBackward,
  layer_norm: layerNorm,
  layer_norm_backward: layerNormBackward,
  batch_norm: batchNorm,
  batch_norm_backward: batchNormBackward,
  batch_norm_inference: batchNormInference,
  batch_norm_inference_backward: batchNormInferenceBackward,
  running_average: runningAverage,
  average_pool: averagePool,
  average_pool_backward: averagePoolBackward,
  mean,
  mean_backward: meanBackward,
  adamw_update: adamwUpdate,
  clip_factor: clipFactor,
  scale_by: scaleBy,
};
