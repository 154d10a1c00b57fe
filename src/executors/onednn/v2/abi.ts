// Numbers of oneDNN 2.x's C interface (dnnl_types.h, 64-bit): what 3.x has otherwise. Checked
// against 2.6.3.
import type { Eltwise } from '../engine.js';

/** sizeof(dnnl_memory_desc_t). */
export const MEMORY_DESC_BYTES = 696;

/** Byte offsets in dnnl_memory_desc_t. */
export const memoryDescOffset = {
  numDims: 0,
  dims: 8,
  dataType: 104,
  paddedDims: 112,
  offset0: 304,
  formatKind: 312,
  strides: 320,
  numInnerBlocks: 416,
  innerBlocks: 424,
  innerIndices: 520,
} as const;

/** More than any dnnl_*_desc_t (the largest used, convolution's, has 5976 bytes). */
export const OP_DESC_BYTES = 8192;

/** dnnl_eltwise_relu. */
export const ELTWISE_RELU = 0x1f;

/** dnnl_alg_kind_t of functions of one tensor. */
export const eltwiseAlgorithms: Readonly<Record<Eltwise['algorithm'], number>> = {
  logistic: 0xaf,
  tanh: 0x2f,
  swish: 0xdf,
  hardswish: 0x70,
  geluErf: 0x30,
  geluTanh: 0xcf,
  relu: ELTWISE_RELU,
  elu: 0x3f,
  clip: 0x10, // clip_v2: no slope at either bound
  linear: 0x7f,
};

/** See LayerNormFlags (binding/layer-norm.ts). */
export const LAYER_NORM_FLAGS = {
  useScale: 0x8,
  useShift: 0x10,
} as const;

/** See NormalisationFlags (binding/batch-norm.ts). */
export const NORMALISATION_FLAGS = {
  useGlobalStats: 0x1,
  useScale: 0x8,
  useShift: 0x10,
  fuseRelu: 0x4,
  backwardTakesShift: true,
} as const;
/** dnnl_eltwise_* of chains. */
export const chainEltwise = { squareRoot: 0x6f, linear: 0x7f, power: 0x20 } as const;

/** DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE. */
export const POST_OPERAND_BASE = 16384;
