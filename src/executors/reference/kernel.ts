// What a reference kernel is: one op computed in float64 on plain arrays.
import type { OpName, OpParams } from '../../program/ops/params.js';
import type { HostArray, HostTensor, TensorType } from '../../tensor/tensor.js';
import { elementCount } from '../../tensor/tensor.js';
import type { Scalars } from '../executor.js';
import type { WithGaps } from '../support.js';

/** One op application at run time. */
export interface KernelCall<K extends OpName> {
  readonly params: OpParams<K>;
  /** Never written. f32 inputs hold a Float64Array. */
  readonly inputs: readonly HostTensor[];
  /** Zero-filled before the call. f32 outputs hold a Float64Array. */
  readonly outputs: readonly HostTensor[];
  readonly scalars: Scalars;
}

/** Computes one op; the op's docstring in src/program/ops is the definition. */
export type Kernel<K extends OpName> = (call: KernelCall<K>) => void;

/** A kernel for every op. */
export type Kernels = { readonly [K in OpName]: Kernel<K> };

/** A kernel for every op, or why there is none. */
export type KernelTable = WithGaps<Kernels>;

/** Zeros of a type as the reference executor holds them: float64 for f32. */
export function zeros(type: TensorType): HostTensor {
  const count = elementCount(type.shape);
  return { dtype: type.dtype, shape: type.shape, data: emptyArray(type, count) };
}

function emptyArray({ dtype }: TensorType, count: number): HostArray {
  if (dtype === 'f32') return new Float64Array(count);
  return dtype === 'u8' ? new Uint8Array(count) : new Int32Array(count);
}

/** The data of the f32 tensor at `index`. */
export function reals(tensors: readonly HostTensor[], index: number): Float64Array {
  return (tensors[index] as HostTensor).data as Float64Array;
}

/** The data of the i32 tensor at `index`. */
export function integers(tensors: readonly HostTensor[], index: number): Int32Array {
  return (tensors[index] as HostTensor).data as Int32Array;
}

/** The four axes of the tensor at `index`: [N,C,H,W] or [O,I,KH,KW]. */
export function axes4(
  tensors: readonly TensorType[],
  index: number,
): readonly [number, number, number, number] {
  return (tensors[index] as TensorType).shape as readonly [number, number, number, number];
}
