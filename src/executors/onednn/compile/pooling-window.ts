// Windows of pooling as oneDNN wants them.
import type { Shape } from '../../../tensor/tensor.js';
import { positionsOf, spanOf, type Window } from '../../../tensor/window.js';

/** The window with padding at the bottom and right for every cell that it reads there, so that
 *  windows which hang over (rounding 'ceil') fit in. @param xShape [N,C,H,W] */
export function poolingWindow(params: Window, xShape: Shape): Omit<Window, 'rounding'> {
  const [, , h, w] = xShape as readonly [number, number, number, number];
  const { kernel, stride, pads, dilation, rounding } = params;
  const positions = positionsOf(params, [h, w]);
  const span = spanOf(params);
  const end = (axis: 0 | 1, size: number): number =>
    rounding === 'floor'
      ? (pads[axis + 2] as number)
      : Math.max(0, (positions[axis] - 1) * stride[axis] + span[axis] - size - pads[axis]);
  return { kernel, stride, dilation, pads: [pads[0], pads[1], end(0, h), end(1, w)] };
}
