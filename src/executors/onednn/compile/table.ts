// The table of all op lowerings. Typed over OpName: the compiler names an op that has neither its
// lowering nor a reason why there is none (unsupported, ../../support.ts).
import { lowerActivation, lowerActivationBackward } from './lower-activation.js';
import { lowerBroadcastTo, lowerSumTo } from './lower-broadcast.js';
import { lowerAdamwUpdate } from './lower-adamw-update.js';
import { lowerClipFactor, lowerScaleBy } from './lower-clipping.js';
import {
  lowerAveragePool,
  lowerAveragePoolBackward,
  lowerMean,
  lowerMeanBackward,
} from './lower-average.js';
import {
  lowerBatchNorm,
  lowerBatchNormBackward,
  lowerBatchNormInference,
  lowerBatchNormInferenceBackward,
} from './lower-batch-norm.js';
import {
  lowerConvolution,
  lowerConvolutionBackwardData,
  lowerConvolutionBackwardWeights,
} from './lower-convolution.js';
import { lowerBinary, lowerRelu, lowerReluBackward } from './lower-elementwise.js';
import { hostLowerings } from './lower-host.js';
import {
  lowerInnerProduct,
  lowerInnerProductBackwardData,
  lowerInnerProductBackwardWeights,
} from './lower-inner-product.js';
import { lowerLayerNorm, lowerLayerNormBackward } from './lower-layer-norm.js';
import { lowerMatmul, lowerSoftmax, lowerSoftmaxBackward } from './lower-matmul.js';
import {
  lowerConcat,
  lowerPad,
  lowerReshape,
  lowerSlice,
  lowerSliceBackward,
  lowerTranspose,
} from './lower-moves.js';
import {
  lowerLrn,
  lowerLrnBackward,
  lowerMaxPool,
  lowerMaxPoolBackward,
} from './lower-normalising.js';
import { lowerRunningAverage } from './lower-running-average.js';
import { lowerSgdUpdate } from './lower-sgd-update.js';
import type { LoweringTable } from './lowering.js';

/** Op name -> lowering. */
export const lowerings: LoweringTable = {
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
  multiply: lowerBinary,
  add: lowerBinary,
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
  ...hostLowerings,
};
