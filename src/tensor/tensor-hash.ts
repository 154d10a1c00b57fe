// Content hash of a tensor in the plain layout.
import { createHash } from 'node:crypto';
import type { HostTensor } from './tensor.js';

/** SHA-256 (64 hex digits) of dtype, shape and the row-major little-endian bytes; f32 values held
 *  as float64 are rounded first. */
export function tensorHash(tensor: HostTensor): string {
  const data = tensor.data instanceof Float64Array ? Float32Array.from(tensor.data) : tensor.data;
  return createHash('sha256')
    .update(`${tensor.dtype}[${tensor.shape.join(',')}]`)
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}
