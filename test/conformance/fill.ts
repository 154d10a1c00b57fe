// What problems are filled with. Two fills, because each finds what the other cannot: integers must
// come out exactly (a wrong index, pad, group, layout), zero-mean reals within a bound (a lower
// precision).
import { fillUint32, streamKey } from '../../src/base/random-stream.js';
import { elementCount, type HostTensor, type TensorType } from '../../src/tensor/tensor.js';

/** Which numbers. */
export type Fill = 'integers' | 'reals';

/** How one tensor of a problem is filled. */
export interface Content {
  /** Integers in [-span, span] (default 8). */
  readonly span?: number;
  /** Reals in (-amplitude, amplitude) (default 1). */
  readonly amplitude?: number;
  /** Reals in (0, amplitude) instead. */
  readonly positive?: true;
  /** i32: integers in [from, below); default labels 0..9. */
  readonly from?: number;
  readonly below?: number;
}

/** The tensor for `fill`, drawn from the stream of `name`: the same in every run. f32 values are
 *  float32 numbers. */
export function filled(name: string, type: TensorType, content: Content, fill: Fill): HostTensor {
  const { dtype, shape } = type;
  const words = new Uint32Array(elementCount(shape));
  fillUint32(words, streamKey(['conformance', name, fill]), 0);
  if (dtype === 'u8') return { dtype, shape, data: Uint8Array.from(words, (word) => word >>> 24) };
  if (dtype === 'i32') {
    const from = content.from ?? 0;
    const count = (content.below ?? 10) - from;
    return { dtype, shape, data: Int32Array.from(words, (word) => from + (word % count)) };
  }
  const { span = 8, amplitude = 1, positive } = content;
  const signed = (word: number): number => (word + 0.5) / 2 ** 31 - 1;
  const real = positive ? (word: number): number => (word + 0.5) / 2 ** 32 : signed;
  const data = new Float32Array(words.length);
  for (let at = 0; at < data.length; at++) {
    const word = words[at] as number;
    data[at] = fill === 'integers' ? (word % (2 * span + 1)) - span : amplitude * real(word);
  }
  return { dtype, shape, data };
}

/** f32 tensors with every element's absolute value; others unchanged. */
export function absolute(tensor: HostTensor): HostTensor {
  if (tensor.dtype !== 'f32') return tensor;
  return { ...tensor, data: new Float64Array(tensor.data).map(Math.abs) };
}
