// Windows that slide over the height and width of an image: of convolutions and of pooling.
import { wrongIntegers } from '../base/wrong-integers.js';

/** One number for each spatial axis. */
export type Pair = readonly [height: number, width: number];

/** Rows and columns put around an image, outside of it. */
export type Pads = readonly [top: number, left: number, bottom: number, right: number];

/** How a window moves. Tap r of the window at output position p reads input position
 *  p * stride + r * dilation - pad, for each axis. */
export interface Sliding {
  readonly stride: Pair;
  readonly pads: Pads;
  readonly dilation: Pair;
}

/** A sliding window with its size. `rounding: 'ceil'` keeps a last window that hangs over the
 *  bottom or right edge. */
export interface Window extends Sliding {
  readonly kernel: Pair;
  readonly rounding: 'floor' | 'ceil';
}

/** Both axes alike. */
export interface SquareSliding {
  readonly stride?: number;
  readonly pad?: number;
}

/** A square window's movement, undilated; stride 1 and pad 0 unless given. */
export function squareSliding({ stride = 1, pad = 0 }: SquareSliding = {}): Sliding {
  return { stride: [stride, stride], pads: [pad, pad, pad, pad], dilation: [1, 1] };
}

/** A square window, undilated. */
export function squareWindow(
  kernel: number,
  rounding: Window['rounding'],
  sliding?: SquareSliding,
): Window {
  return { kernel: [kernel, kernel], ...squareSliding(sliding), rounding };
}

/** Rows and columns that a window spans: dilation * (kernel - 1) + 1. */
export function spanOf({ kernel, dilation }: Pick<Window, 'kernel' | 'dilation'>): Pair {
  return [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1];
}

/** Number of positions of a window along height and width of an image, at most 0 where the image
 *  is too small. `floor`: floor((size + pads - span) / stride) + 1. `ceil`: the quotient rounded
 *  up, less one if the last window would start at or beyond the end of the image, where nothing
 *  of it is left (Caffe's rule, and ONNX's for ceil_mode). */
export function positionsOf(window: Window, [height, width]: Pair): Pair {
  const span = spanOf(window);
  const { stride, pads, rounding } = window;
  const count = (axis: 0 | 1, size: number): number => {
    const [start, end] = [pads[axis], pads[axis + 2] as number];
    const quotient = (size + start + end - span[axis]) / stride[axis];
    if (rounding === 'floor') return Math.floor(quotient) + 1;
    const positions = Math.ceil(quotient) + 1;
    return (positions - 1) * stride[axis] >= size + start ? positions - 1 : positions;
  };
  return [count(0, height), count(1, width)];
}

/** What is wrong with a window's movement, half a sentence each: strides and dilations are integers
 *  of at least 1, pads of at least 0. */
export function slidingProblems({ stride, pads, dilation }: Sliding): readonly string[] {
  return [
    ...wrongIntegers('stride', stride, 1),
    ...wrongIntegers('pad', pads, 0),
    ...wrongIntegers('dilation', dilation, 1),
  ];
}
