// Which problems exercise which op. Typed over OpName: the compiler names an op without problems.
import type { OpName } from '../../../src/program/ops/params.js';
import type { Problem } from '../problem.js';
import { activationProblems } from './activation.js';
import {
  broadcastAddProblems,
  broadcastMultiplyProblems,
  broadcastToProblems,
  sumToProblems,
} from './broadcast.js';
import { averagePoolProblems } from './average-pool.js';
import {
  batchNormInferenceProblems,
  batchNormProblems,
  runningAverageProblems,
} from './batch-norm.js';
import { adamwUpdateProblems } from './adamw-update.js';
import { chainProblems } from './chains.js';
import { clippingProblems } from './clipping.js';
import { convolutionProblems } from './convolution.js';
import { addProblems, dropoutMaskProblems, multiplyProblems, reluProblems } from './elementwise.js';
import { innerProductProblems } from './inner-product.js';
import { softmaxBackwardProblems, softmaxProblems, top1Problems } from './loss.js';
import { lrnProblems } from './lrn.js';
import { layerNormProblems, matmulProblems, softmaxAloneProblems } from './matmul.js';
import { maxPoolProblems } from './max-pool.js';
import {
  concatProblems,
  padProblems,
  reshapedSlotProblem,
  reshapeProblems,
  sliceBackwardProblems,
  sliceProblems,
  transposeProblems,
} from './moves.js';
import { meanProblems } from './mean.js';
import { networkProblems } from './networks.js';
import { normaliseProblems } from './normalise.js';
import { sgdUpdateProblems } from './sgd-update.js';

/** Op -> the problems that compare its outputs. */
export const problemsByOp: { readonly [K in OpName]: readonly Problem[] } = {
  normalise: normaliseProblems,
  convolution: convolutionProblems,
  convolution_backward_data: convolutionProblems,
  convolution_backward_weights: convolutionProblems,
  inner_product: innerProductProblems,
  inner_product_backward_data: innerProductProblems,
  inner_product_backward_weights: innerProductProblems,
  relu: reluProblems,
  relu_backward: reluProblems,
  max_pool: maxPoolProblems,
  max_pool_backward: maxPoolProblems,
  lrn: lrnProblems,
  lrn_backward: lrnProblems,
  dropout_mask: dropoutMaskProblems,
  multiply: [...multiplyProblems, ...broadcastMultiplyProblems],
  add: [...addProblems, ...broadcastAddProblems],
  softmax_cross_entropy: softmaxProblems,
  softmax_cross_entropy_backward: softmaxBackwardProblems,
  top1_correct: top1Problems,
  sgd_update: sgdUpdateProblems,
  activation: activationProblems,
  activation_backward: activationProblems,
  sum_to: sumToProblems,
  broadcast_to: broadcastToProblems,
  concat: concatProblems,
  slice: sliceProblems,
  slice_backward: sliceBackwardProblems,
  pad: padProblems,
  reshape: [...reshapeProblems, reshapedSlotProblem],
  transpose: transposeProblems,
  matmul: matmulProblems,
  softmax: softmaxAloneProblems,
  softmax_backward: softmaxAloneProblems,
  layer_norm: layerNormProblems,
  layer_norm_backward: layerNormProblems,
  batch_norm: batchNormProblems,
  batch_norm_backward: batchNormProblems,
  batch_norm_inference: batchNormInferenceProblems,
  batch_norm_inference_backward: batchNormInferenceProblems,
  running_average: runningAverageProblems,
  average_pool: averagePoolProblems,
  average_pool_backward: averagePoolProblems,
  mean: meanProblems,
  mean_backward: meanProblems,
  adamw_update: adamwUpdateProblems,
  clip_factor: clippingProblems,
  scale_by: clippingProblems,
};

/** Every problem once: each op's, then layers together, then whole networks. */
export const allProblems: readonly Problem[] = [
  ...new Set([...Object.values(problemsByOp).flat(), ...chainProblems, ...networkProblems]),
];
