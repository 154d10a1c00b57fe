// Numbers of oneDNN 3.x's C interface (dnnl_types.h) that 2.x has otherwise or not at all. Checked
// against 3.2.0.
import type { Eltwise } from '../engine.js';

/** dnnl_eltwise_relu. */
export const ELTWISE_RELU = 0x20;

/** dnnl_eltwise_* of chains. */
export const chainEltwise = { squareRoot: 0x25, linear: 0x26, power: 0x30 } as const;

/** DNNL_ARG_ATTR_SCALES: or-ed with the argument that a factor belongs to. */
export const ARG_ATTR_SCALES = 4096;

/** dnnl_query_t values of memory descriptors. */
export const descriptorQuery = {
  strides: 14,
  rank: 256,
  dims: 257,
  dataType: 258,
  offset: 259,
  paddedDims: 260,
  formatKind: 262,
  innerBlockCount: 263,
  innerBlocks: 264,
  innerAxes: 265,
} as const;

/** dnnl_alg_kind_t of functions of one tensor. */
export const eltwiseAlgorithms: Readonly<Record<Eltwise['algorithm'], number>> = {
  logistic: 0x29,
  tanh: 0x21,
  swish: 0x2c,
  hardswish: 0x34,
  geluErf: 0x31,
  geluTanh: 0x2b,
  relu: ELTWISE_RELU,
  elu: 0x22,
  clip: 0x2f, // clip_v2: no slope at either bound
  linear: 0x26,
};

/** See LayerNormFlags (binding/layer-norm.ts). */
export const LAYER_NORM_FLAGS = {
  useScale: 0x2,
  useShift: 0x4,
} as const;

/** See NormalisationFlags (binding/batch-norm.ts). */
export const NORMALISATION_FLAGS = {
  useGlobalStats: 0x1,
  useScale: 0x2,
  useShift: 0x4,
  fuseRelu: 0x8,
  backwardTakesShift: false,
} as const;
/** DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE. */
export const POST_OPERAND_BASE = 32768;
