// Checks of host tensors where they enter an executor.
import { ShapeError } from '../base/errors.js';
import { elementCount, formatType, type HostTensor, sameShape, type TensorType } from './tensor.js';

/** @throws ShapeError unless both types are the same */
export function requireType(what: string, found: TensorType, wanted: TensorType): void {
  if (found.dtype === wanted.dtype && sameShape(found.shape, wanted.shape)) return;
  throw new ShapeError(`${what}: found ${formatType(found)}, wanted ${formatType(wanted)}`);
}

/** @throws ShapeError unless the array fits the tensor's type; f32 may come as Float64Array */
export function requireData(what: string, { dtype, shape, data }: HostTensor): void {
  const fits =
    dtype === 'f32'
      ? data instanceof Float32Array || data instanceof Float64Array
      : dtype === 'u8'
        ? data instanceof Uint8Array
        : data instanceof Int32Array;
  if (fits && data.length === elementCount(shape)) return;
  throw new ShapeError(
    `${what}: ${formatType({ dtype, shape })} given as ${data.constructor.name} of ${data.length}`,
  );
}
