// Numbers of oneDNN 2.x's C interface (dnnl_types.h, 64-bit): what 3.x has otherwise. Checked
// against 2.6.3.
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
