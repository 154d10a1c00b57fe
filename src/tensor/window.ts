// Output sizes of windows that slide over an axis: convolution rounds down, pooling up.

/** Square window sliding over H and W with zero padding `pad` on each side. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/** floor((size + 2 pad - kernel) / stride) + 1. */
export function convolvedSize(size: number, { kernel, stride, pad }: Window): number {
  return Math.floor((size + 2 * pad - kernel) / stride) + 1;
}

/** ceil((size + 2 pad - kernel) / stride) + 1, less one if the last window would start at or beyond
 *  size + pad, where nothing of the image is left (Caffe's rule). */
export function pooledSize(size: number, { kernel, stride, pad }: Window): number {
  const count = Math.ceil((size + 2 * pad - kernel) / stride) + 1;
  return (count - 1) * stride >= size + pad ? count - 1 : count;
}
