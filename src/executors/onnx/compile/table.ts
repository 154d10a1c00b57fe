// The table of all op lowerings. Typed over OpName: the compiler names an op that has neither its
// lowering nor a reason why there is none (unsupported, ../../support.ts).
import {
  lowerActivation,
  lowerActivationBackward,
  lowerRelu,
  lowerReluBackward,
} from './lower-activation.js';
import {
  lowerConvolution,
  lowerConvolutionBackwardData,
  lowerConvolutionBackwardWeights,
} from './lower-convolution.js';
import {
  lowerDropoutMask,
  lowerNormalise,
  lowerSoftmaxCrossEntropy,
  lowerSoftmaxCrossEntropyBackward,
  lowerTop1Correct,
} from './lower-ends.js';
import {
  lowerClipFactor,
  lowerInnerProduct,
  lowerInnerProductBackwardData,
  lowerInnerProductBackwardWeights,
  lowerMatmul,
  lowerScaleBy,
  lowerSoftmax,
  lowerSoftmaxBackward,
} from './lower-matrix.js';
import {
  lowerAdd,
  lowerBroadcastTo,
  lowerConcat,
  lowerMean,
  lowerMeanBackward,
  lowerMultiply,
  lowerPad,
  lowerReshape,
  lowerSlice,
  lowerSliceBackward,
  lowerSumTo,
  lowerTranspose,
} from './lower-moves.js';
import {
  lowerBatchNorm,
  lowerBatchNormBackward,
  lowerBatchNormInference,
  lowerBatchNormInferenceBackward,
  lowerLayerNorm,
  lowerLayerNormBackward,
  lowerLrn,
  lowerLrnBackward,
} from './lower-normalising.js';
import {
  lowerAveragePool,
  lowerAveragePoolBackward,
  lowerMaxPool,
  lowerMaxPoolBackward,
} from './lower-pooling.js';
import { lowerAdamwUpdate, lowerRunningAverage, lowerSgdUpdate } from './lower-update.js';
import type { Lowerings } from './lowering.js';

/** Op name -> lowering. */
export const onnxLowerings: Lowerings = {
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
  multiply: lowerMultiply,
  add: lowerAdd,
  softmax_cross_entropy: lowerSoftmaxCrossEntropy,
  softmax_cross_entropy_backward: lowerSoftmaxCrossEntropyBackward,
  top1_correct: lowerTop1Correct,
  sgd_update: lowerSgdUpdate,
  activation: lowerActivation,
  activation_backward: lowerActivationBackward,
  sum_to: lowerSumTo,
  broadcast_to: lowerBroadcastTo,
  concat: lowerConcat,
  slice: lowerSlice,
  slice_backward: lowerSliceBackward,
  pad: lowerPad,
  reshape: lowerReshape,
  transpose: lowerTranspose,
  matmul: lowerMatmul,
  softmax: lowerSoftmax,
  softmax_backward: lowerSoftmaxBackward,
  layer_norm: lowerLayerNorm,
  layer_norm_backward: lowerLayerNormBackward,
  batch_norm: lowerBatchNorm,
  batch_norm_backward: lowerBatchNormBackward,
  batch_norm_inference: lowerBatchNormInference,
  batch_norm_inference_backward: lowerBatchNormInferenceBackward,
  running_average: lowerRunningAverage,
  average_pool: lowerAveragePool,
  average_pool_backward: lowerAveragePoolBackward,
  mean: lowerMean,
  mean_backward: lowerMeanBackward,
  adamw_update: lowerAdamwUpdate,
  clip_factor: lowerClipFactor,
  scale_by: lowerScaleBy,
};
