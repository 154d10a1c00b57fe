// The functions of oneDNN 2.x beyond the common ones. Descriptors travel as byte arrays, objects as
// addresses; no other file declares symbols.
import type { LibraryHandle } from 'koffi';
import {
  type Checked,
  type CommonSymbols,
  P,
  resolveChecked,
  resolveCommon,
} from '../binding/symbols.js';

// Name without "dnnl_" -> C argument types. All return dnnl_status_t.
const signatures = {
  memory_desc_init_by_tag: [P, 'int', P, 'int', 'int'],
  memory_desc_init_by_strides: [P, 'int', P, 'int', P],
  memory_desc_init_submemory: [P, P, P, P],
  primitive_attr_set_scales: [P, 'int', 'int64_t', 'int', P],
  post_ops_append_sum: [P, 'float'],
  post_ops_append_eltwise: [P, 'float', 'int', 'float', 'float'],
  post_ops_append_binary: [P, 'int', P],
  primitive_desc_create: [P, P, P, P, P],
  dilated_convolution_forward_desc_init: [P, 'int', 'int', P, P, P, P, P, P, P, P],
  dilated_convolution_backward_data_desc_init: [P, 'int', P, P, P, P, P, P, P],
  dilated_convolution_backward_weights_desc_init: [P, 'int', P, P, P, P, P, P, P, P],
  inner_product_forward_desc_init: [P, 'int', P, P, P, P],
  inner_product_backward_data_desc_init: [P, P, P, P],
  inner_product_backward_weights_desc_init: [P, P, P, P, P],
  pooling_forward_desc_init: [P, 'int', 'int', P, P, P, P, P, P],
  pooling_backward_desc_init: [P, 'int', P, P, P, P, P, P],
  pooling_v2_forward_desc_init: [P, 'int', 'int', P, P, P, P, P, P, P],
  pooling_v2_backward_desc_init: [P, 'int', P, P, P, P, P, P, P],
  lrn_forward_desc_init: [P, 'int', 'int', P, 'int64_t', 'float', 'float', 'float'],
  lrn_backward_desc_init: [P, 'int', P, P, 'int64_t', 'float', 'float', 'float'],
  batch_normalization_forward_desc_init: [P, 'int', P, 'float', 'unsigned int'],
  batch_normalization_backward_desc_init: [P, 'int', P, P, 'float', 'unsigned int'],
  eltwise_forward_desc_init: [P, 'int', 'int', P, 'float', 'float'],
  eltwise_backward_desc_init: [P, 'int', P, P, 'float', 'float'],
  binary_desc_init: [P, 'int', P, P, P],
  matmul_desc_init: [P, P, P, P, P],
  softmax_v2_forward_desc_init: [P, 'int', 'int', P, P, 'int'],
  softmax_v2_backward_desc_init: [P, 'int', P, P, P, 'int'],
  layer_normalization_forward_desc_init: [P, 'int', P, P, 'float', 'unsigned int'],
  layer_normalization_backward_desc_init: [P, 'int', P, P, P, 'float', 'unsigned int'],
  concat_primitive_desc_create: [P, P, 'int', 'int', P, P, P],
  sum_primitive_desc_create: [P, P, 'int', P, P, P, P],
  reorder_primitive_desc_create: [P, P, P, P, P, P],
} as const;

/** Every function checks its status and throws NativeError. */
export type Symbols = CommonSymbols &
  Checked<typeof signatures> & {
    /** sizeof of the memory behind a descriptor. */
    readonly memory_desc_get_size: (desc: Uint8Array) => number;
  };

/** Resolves all symbols. @throws Error of koffi if one is missing (not a oneDNN 2.x library). */
export function resolveSymbols(library: LibraryHandle): Symbols {
  return {
    ...resolveCommon(library),
    ...resolveChecked(library, signatures),
    memory_desc_get_size: library.func('dnnl_memory_desc_get_size', 'size_t', [P]),
  };
}
