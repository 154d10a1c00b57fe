// Numbers of oneDNN's C interface that 2.x and 3.x have in common (dnnl_types.h, 64-bit): enum
// values and sizes. Checked against 2.6.3 and 3.2.0.
import type { Direction, ElementType, Role } from '../engine.js';

/** Entries of every dims array; oneDNN reads all of them. */
export const MAX_DIMS = 12;

/** sizeof(dnnl_exec_arg_t): int arg at 0, dnnl_memory_t at 8. */
export const EXEC_ARG_BYTES = 16;

/** dnnl_data_type_t. */
export const dataTypes: Readonly<Record<ElementType, number>> = { bf16: 2, f32: 3, s32: 4, u8: 6 };

/** dnnl_format_kind_t. */
export const formatKind = { undefined: 0, any: 1, blocked: 2 } as const;

/** dnnl_format_tag_any. */
export const FORMAT_TAG_ANY = 1;

/** dnnl_prop_kind_t. */
export const propKind = {
  forwardTraining: 64,
  forwardInference: 96,
  backward: 128,
  backwardData: 160,
} as const;

/** dnnl_alg_kind_t. */
export const algorithm = {
  convolutionDirect: 1,
  convolutionAuto: 3,
  eltwiseReluByDst: 0x100,
  poolingMax: 0x1ff,
  poolingAverageIncludePadding: 0x2ff,
  poolingAverageExcludePadding: 0x3ff,
  lrnAcrossChannels: 0xaff,
  binaryAdd: 0x1fff0,
  binaryMultiply: 0x1fff1,
  binarySubtract: 0x1fff5,
  softmaxAccurate: 0x30000,
} as const;

/** Our names of element-wise operations on two tensors. */
export const binaryAlgorithms = {
  add: algorithm.binaryAdd,
  subtract: algorithm.binarySubtract,
  multiply: algorithm.binaryMultiply,
} as const;

/** Our names of what pooling does. */
export const poolingAlgorithms = {
  max: algorithm.poolingMax,
  'average with padding': algorithm.poolingAverageIncludePadding,
  average: algorithm.poolingAverageExcludePadding,
} as const;

/** Roles of convolution and inner product. */
export const weightedRoles: Readonly<Record<Direction, readonly Role[]>> = {
  forward: ['src', 'weights', 'bias', 'dst'],
  backwardData: ['diffDst', 'weights', 'diffSrc'],
  backwardWeights: ['src', 'diffDst', 'diffWeights', 'diffBias'],
};

/** dnnl_query_t values that give no memory descriptor. */
export const queryImplementation = 8;

/** Role -> its execution argument (DNNL_ARG_*) and the query (dnnl_query_*_md, index) that tells
 *  its layout. Not for what the steps of a chain read. */
export function roleNumbers(role: Role): { arg: number; query: number; index: number } {
  const fixed = roles[role as keyof typeof roles];
  if (fixed) return { arg: fixed[0], query: fixed[1], index: fixed[2] };
  const index = Number(role.slice('input'.length));
  return { arg: 1024 + index, query: 129, index };
}

const roles = {
  src: [1, 129, 0],
  src1: [2, 129, 1],
  dst: [17, 133, 0],
  weights: [33, 131, 0],
  bias: [41, 131, 1],
  workspace: [64, 135, 0],
  scratchpad: [80, 136, 0],
  diffSrc: [129, 130, 0],
  diffDst: [145, 134, 0],
  diffWeights: [161, 132, 0],
  diffBias: [169, 132, 1],
  // Of batch norm, by their arguments (dnnl_query_exec_arg_md): which list they are in depends on
  // its flags.
  mean: [49, 255, 49],
  variance: [50, 255, 50],
  scale: [51, 255, 51],
  shift: [52, 255, 52],
  diffScale: [255, 255, 255],
  diffShift: [256, 255, 256],
} as const;

/** dnnl_status_t by number. */
export const statusNames = [
  'success',
  'out_of_memory',
  'invalid_arguments',
  'unimplemented',
  'iterator_ends',
  'runtime_error',
  'not_required',
] as const;

// dnnl_cpu_isa_t.
const instructionSets: Readonly<Record<number, string>> = {
  0x0: 'generic',
  0x1: 'SSE41',
  0x3: 'AVX',
  0x7: 'AVX2',
  0x27: 'AVX512_CORE',
  0x67: 'AVX512_CORE_VNNI',
  0xe7: 'AVX512_CORE_BF16',
  0x407: 'AVX2_VNNI',
  0x3e7: 'AVX512_CORE_AMX',
  // from here on 3.x
  0xf: 'AVX2_VNNI',
  0x1f: 'AVX2_VNNI_2',
  0x1ef: 'AVX512_CORE_FP16',
  0xfef: 'AVX512_CORE_AMX',
  0x1fef: 'AVX512_CORE_AMX_FP16',
};

/** Name of the effective instruction set. */
export function instructionSetName(isa: number): string {
  return instructionSets[isa] ?? `isa 0x${isa.toString(16)}`;
}
