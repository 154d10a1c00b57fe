// Small float64 tensors for the kernels' tests.
import type { HostTensor, Shape } from '../../tensor/tensor.js';
import { zeros } from './kernel.js';

/** f32 zeros. */
export function tensor(shape: Shape): HostTensor {
  return zeros({ dtype: 'f32', shape });
}

/** f32 of given values. */
export function valued(shape: Shape, values: readonly number[]): HostTensor {
  return { dtype: 'f32', shape, data: Float64Array.from(values) };
}

/** f32 with small integers of both signs in no simple order; `step` makes tensors differ. */
export function numbered(shape: Shape, step: number): HostTensor {
  const made = tensor(shape);
  made.data.forEach((_, index) => {
    made.data[index] = ((index * index + step * index + step) % 13) - 6;
  });
  return made;
}

/** i32 of given values, one axis. */
export function whole(values: readonly number[]): HostTensor {
  return { dtype: 'i32', shape: [values.length], data: Int32Array.from(values) };
}

/** The values as a plain array (-0 as 0). */
export function elements({ data }: HostTensor): number[] {
  return Array.from(data, (value) => value + 0);
}
