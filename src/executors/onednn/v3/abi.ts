// Numbers of oneDNN 3.x's C interface (dnnl_types.h) that 2.x has otherwise or not at all. Checked
// against 3.2.0.

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
