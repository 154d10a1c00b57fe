// The windows of convolutions and pooling as ONNX writes them.
import type { Shape } from '../../../tensor/tensor.js';
import { type Pads, type Pair, spanOf, type Window } from '../../../tensor/window.js';
import type { Reading } from './reading.js';
import { Refusal } from './refusal.js';

/** The window of a node over images.
 *  @param dims [N,C,H,W] of its input   @param kernel of the weights, where it is not written
 *  @throws Refusal if it slides along other than two axes */
export function windowOf(reading: Reading, dims: Shape, kernel: readonly number[] = []): Window {
  const [, , height, width] = dims as readonly [number, number, number, number];
  const size = reading.list('kernel_shape') ?? kernel;
  if (dims.length !== 4 || size.length !== 2) {
    throw new Refusal(
      `slides along ${size.length === 2 ? dims.length - 2 : size.length} axes, wanted 2: height and width`,
    );
  }
  const window: Window = {
    kernel: pairOf(size),
    stride: pairOf(reading.list('strides') ?? [1, 1]),
    pads: (reading.list('pads') ?? [0, 0, 0, 0]) as Pads,
    dilation: pairOf(reading.list('dilations') ?? [1, 1]),
    rounding: reading.number('ceil_mode', 0) === 1 ? 'ceil' : 'floor',
  };
  const auto = reading.text('auto_pad', 'NOTSET');
  if (auto === 'VALID') return { ...window, pads: [0, 0, 0, 0] };
  if (auto === 'NOTSET') return window;
  return { ...window, pads: same(window, [height, width], auto === 'SAME_UPPER') };
}

function pairOf([first = 1, second = first]: readonly number[]): Pair {
  return [first, second];
}

/** As many rows and columns as make ceil(size / stride) positions; an odd one goes to the end, or
 *  to the start. */
function same(window: Window, sizes: Pair, isUpper: boolean): Pads {
  const span = spanOf(window);
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const positions = Math.ceil(sizes[axis] / window.stride[axis]);
    return Math.max(0, (positions - 1) * window.stride[axis] + span[axis] - sizes[axis]);
  }) as [number, number];
  const [less, more] = [Math.floor, Math.ceil];
  const [before, after] = isUpper ? [less, more] : [more, less];
  return [before(rows / 2), before(columns / 2), after(rows / 2), after(columns / 2)];
}
