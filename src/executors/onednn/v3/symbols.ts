// The functions of oneDNN 3.x beyond the common ones: no operation descriptors, and memory
// descriptors are objects behind an address.
import type { LibraryHandle } from 'koffi';
import {
  type Checked,
  type CommonSymbols,
  P,
  resolveChecked,
  resolveCommon,
} from '../binding/symbols.js';

const window = [P, P, P, P] as const;

// Name without "dnnl_" -> C argument types. All return dnnl_status_t.
const signatures = {
  memory_desc_create_with_tag: [P, 'int', P, 'int', 'int'],
  memory_desc_create_with_strides: [P, 'int', P, 'int', P],
  memory_desc_create_submemory: [P, P, P, P],
  memory_desc_clone: [P, P],
  memory_desc_destroy: [P],
  memory_desc_query: [P, 'int', P],
  primitive_attr_set_scales_mask: [P, 'int', 'int'],
  post_ops_append_sum: [P, 'float', 'int32_t', 'int'],
  post_ops_append_eltwise: [P, 'int', 'float', 'float'],
  post_ops_append_binary: [P, 'int', P],
  convolution_forward_primitive_desc_create: [P, P, 'int', 'int', P, P, P, P, ...window, P],
  convolution_backward_data_primitive_desc_create: [P, P, 'int', P, P, P, ...window, P, P],
  convolution_backward_weights_primitive_desc_create: [P, P, 'int', P, P, P, P, ...window, P, P],
  inner_product_forward_primitive_desc_create: [P, P, 'int', P, P, P, P, P],
  inner_product_backward_data_primitive_desc_create: [P, P, P, P, P, P, P],
  inner_product_backward_weights_primitive_desc_create: [P, P, P, P, P, P, P, P],
  pooling_forward_primitive_desc_create: [P, P, 'int', 'int', P, P, P, ...window, P],
  pooling_backward_primitive_desc_create: [P, P, 'int', P, P, P, ...window, P, P],
  lrn_forward_primitive_desc_create: [
    ...[P, P, 'int', 'int', P, P],
    ...['int64_t', 'float', 'float', 'float', P],
  ],
  lrn_backward_primitive_desc_create: [
    ...[P, P, 'int', P, P, P],
    ...['int64_t', 'float', 'float', 'float', P, P],
  ],
  batch_normalization_forward_primitive_desc_create: [
    ...[P, P, 'int', P, P, 'float', 'unsigned int', P],
  ],
  batch_normalization_backward_primitive_desc_create: [
    ...[P, P, 'int', P, P, P, 'float', 'unsigned int', P, P],
  ],
  eltwise_forward_primitive_desc_create: [P, P, 'int', 'int', P, P, 'float', 'float', P],
  eltwise_backward_primitive_desc_create: [P, P, 'int', P, P, P, 'float', 'float', P, P],
  binary_primitive_desc_create: [P, P, 'int', P, P, P, P],
  matmul_primitive_desc_create: [P, P, P, P, P, P, P],
  softmax_forward_primitive_desc_create: [P, P, 'int', 'int', P, P, 'int', P],
  softmax_backward_primitive_desc_create: [P, P, 'int', P, P, P, 'int', P, P],
  layer_normalization_forward_primitive_desc_create: [
    ...[P, P, 'int', P, P, P],
    ...['float', 'unsigned int', P],
  ],
  layer_normalization_backward_primitive_desc_create: [
    ...[P, P, 'int', P, P, P, P],
    ...['float', 'unsigned int', P, P],
  ],
  concat_primitive_desc_create: [P, P, P, 'int', 'int', P, P],
  sum_primitive_desc_create: [P, P, P, 'int', P, P, P],
  reorder_primitive_desc_create: [P, P, P, P, P, P],
} as const;

/** Every function checks its status and throws NativeError. */
export type Symbols = CommonSymbols &
  Checked<typeof signatures> & {
    readonly memory_desc_get_size: (desc: bigint) => number;
    /** The memory descriptor of a primitive descriptor, owned by it; null if there is none. */
    readonly primitive_desc_query_md: (
      primitiveDescriptor: bigint,
      query: number,
      index: number,
    ) => bigint | null;
  };

/** Resolves all symbols. @throws Error of koffi if one is missing (not a oneDNN 3.x library). */
export function resolveSymbols(library: LibraryHandle): Symbols {
  return {
    ...resolveCommon(library),
    ...resolveChecked(library, signatures),
    memory_desc_get_size: library.func('dnnl_memory_desc_get_size', 'size_t', [P]),
    primitive_desc_query_md: library.func('dnnl_primitive_desc_query_md', P, [P, 'int', 'int']),
  };
}
