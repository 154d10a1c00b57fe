// The functions of oneDNN 2.x that we call. Descriptors travel as byte arrays, objects as addresses; no other file declares symbols.
import type { LibraryHandle } from 'koffi';
import { NativeError } from '../../../base/errors.js';
import { statusNames } from './abi.js';

const P = 'void *';

// Name without "dnnl_" -> C argument types. All return dnnl_status_t.
const signatures = {
  engine_create: [P, 'int', 'size_t'],
  engine_destroy: [P],
  stream_create: [P, P, 'unsigned int'],
  stream_destroy: [P],
  stream_wait: [P],
  memory_desc_init_by_tag: [P, 'int', P, 'int', 'int'],
  memory_desc_init_by_strides: [P, 'int', P, 'int', P],
  memory_desc_init_submemory: [P, P, P, P],
  memory_create: [P, P, P, P],
  memory_destroy: [P],
  primitive_attr_create: [P],
  primitive_attr_destroy: [P],
  primitive_attr_set_scratchpad_mode: [P, 'int'],
  primitive_attr_set_post_ops: [P, P],
  primitive_attr_set_scales: [P, 'int', 'int64_t', 'int', P],
  post_ops_create: [P],
  post_ops_destroy: [P],
  post_ops_append_sum: [P, 'float'],
  post_ops_append_eltwise: [P, 'float', 'int', 'float', 'float'],
  primitive_desc_create: [P, P, P, P, P],
  primitive_desc_destroy: [P],
  primitive_desc_query: [P, 'int', 'int', P],
  primitive_create: [P, P],
  primitive_destroy: [P],
  primitive_execute: [P, P, 'int', P],
  convolution_forward_desc_init: [P, 'int', 'int', P, P, P, P, P, P, P],
  convolution_backward_data_desc_init: [P, 'int', P, P, P, P, P, P],
  convolution_backward_weights_desc_init: [P, 'int', P, P, P, P, P, P, P],
  inner_product_forward_desc_init: [P, 'int', P, P, P, P],
  inner_product_backward_data_desc_init: [P, P, P, P],
  inner_product_backward_weights_desc_init: [P, P, P, P, P],
  pooling_forward_desc_init: [P, 'int', 'int', P, P, P, P, P, P],
  pooling_backward_desc_init: [P, 'int', P, P, P, P, P, P],
  lrn_forward_desc_init: [P, 'int', 'int', P, 'int64_t', 'float', 'float', 'float'],
  lrn_backward_desc_init: [P, 'int', P, P, 'int64_t', 'float', 'float', 'float'],
  eltwise_forward_desc_init: [P, 'int', 'int', P, 'float', 'float'],
  eltwise_backward_desc_init: [P, 'int', P, P, 'float', 'float'],
  binary_desc_init: [P, 'int', P, P, P],
  sum_primitive_desc_create: [P, P, 'int', P, P, P, P],
  reorder_primitive_desc_create: [P, P, P, P, P, P],
} as const;

type SymbolName = keyof typeof signatures;

/** A value passed to oneDNN: number, native address, bytes whose address is passed, or a null pointer. */
export type Argument = number | bigint | ArrayBufferView | null;

/** Every function checks its status and throws NativeError. */
export type Symbols = Readonly<Record<SymbolName, (...args: Argument[]) => void>> & {
  /** sizeof of the memory behind a descriptor. */
  readonly memory_desc_get_size: (desc: Uint8Array) => number;
  readonly get_effective_cpu_isa: () => number;
  /** primitive_execute without a check, for the hot loop: the raw status. */
  readonly executeRaw: (primitive: bigint, stream: bigint, count: number, args: bigint) => number;
};

/** Resolves all symbols. @throws Error of koffi if one is missing (not a oneDNN 2.x library). */
export function resolveSymbols(library: LibraryHandle): Symbols {
  const checked = Object.entries(signatures).map(([name, args]) => {
    const raw = library.func(`dnnl_${name}`, 'int', [...args]);
    const call = (...values: Argument[]): void => checkStatus(name, raw(...values) as number);
    return [name, call] as const;
  });
  return {
    ...(Object.fromEntries(checked) as Record<SymbolName, (...args: Argument[]) => void>),
    memory_desc_get_size: library.func('dnnl_memory_desc_get_size', 'size_t', [P]),
    get_effective_cpu_isa: library.func('dnnl_get_effective_cpu_isa', 'int', []),
    executeRaw: library.func('dnnl_primitive_execute', 'int', [...signatures.primitive_execute]),
  };
}

/** @throws NativeError naming function and status unless `status` is success. */
export function checkStatus(name: string, status: number, problem?: string): void {
  if (status === 0) return;
  const word = statusNames[status] ?? `status ${status}`;
  throw new NativeError(
    `onednn: dnnl_${name} answered ${word}${problem ? ` for ${problem}` : ''}`,
    {
      data: { function: `dnnl_${name}`, status: word },
    },
  );
}
