// Convolution and its two backward ops as one walk over (image, output channel, input channel, kernel tap).
import type { ConvolutionParams } from '../../program/ops/params.js';
import { axes4, type Kernel, reals } from './kernel.js';

type Axes = readonly [number, number, number, number];

/** The output positions at which one kernel tap of one weight w[o,i,r,s] lies inside the image: `rows` x `columns` of them,
 *  the first at y[yAt], reading x[xAt]; the next column is 1 further in y and `stride` in x. */
interface Tap {
  wAt: number;
  xAt: number;
  yAt: number;
  rows: number;
  columns: number;
}

/** Output positions [from, to) with 0 <= position * stride + offset < size. */
function insideRange(
  size: number,
  outSize: number,
  stride: number,
  offset: number,
): [number, number] {
  const from = Math.max(0, Math.ceil(-offset / stride));
  const to = Math.min(outSize, Math.floor((size - 1 - offset) / stride) + 1);
  return [from, Math.max(from, to)];
}

// `tap` is one object changed in place: a training step has a million taps.
function forEachTap(
  { stride, pad, groups }: ConvolutionParams,
  [n, c, h, w]: Axes,
  [o, i, kh, kw]: Axes,
  [, , oh, ow]: Axes,
  visit: (tap: Tap) => void,
): void {
  const tap: Tap = { wAt: 0, xAt: 0, yAt: 0, rows: 0, columns: 0 };
  const outputsPerGroup = o / groups;
  for (let image = 0; image < n; image++) {
    for (let out = 0; out < o; out++) {
      const firstChannel = Math.floor(out / outputsPerGroup) * i;
      for (let inner = 0; inner < i; inner++) {
        const xPlane = (image * c + firstChannel + inner) * h * w;
        const yPlane = (image * o + out) * oh * ow;
        for (let r = 0; r < kh; r++) {
          const [top, bottom] = insideRange(h, oh, stride, r - pad);
          for (let s = 0; s < kw; s++) {
            const [left, right] = insideRange(w, ow, stride, s - pad);
            tap.wAt = ((out * i + inner) * kh + r) * kw + s;
            tap.xAt = xPlane + (top * stride + r - pad) * w + left * stride + s - pad;
            tap.yAt = yPlane + top * ow + left;
            tap.rows = bottom - top;
            tap.columns = right - left;
            visit(tap);
          }
        }
      }
    }
  }
}

/** See src/program/ops/convolution.ts. */
export const convolution: Kernel<'convolution'> = ({ params, inputs, outputs }) => {
  const [x, w, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(inputs, 2), reals(outputs, 0)];
  const [xAxes, yAxes] = [axes4(inputs, 0), axes4(outputs, 0)];
  const plane = yAxes[2] * yAxes[3];
  for (let at = 0; at < y.length; at += plane) {
    y.fill(b[(at / plane) % yAxes[1]] as number, at, at + plane);
  }
  forEachTap(params, xAxes, axes4(inputs, 1), yAxes, ({ wAt, xAt, yAt, rows, columns }) => {
    const weight = w[wAt] as number;
    for (let row = 0; row < rows; row++) {
      const from = xAt + row * params.stride * xAxes[3];
      const to = yAt + row * yAxes[3];
      for (let q = 0; q < columns; q++) {
        y[to + q] = (y[to + q] as number) + weight * (x[from + q * params.stride] as number);
      }
    }
  });
};

/** See src/program/ops/convolution.ts. */
export const convolutionBackwardData: Kernel<'convolution_backward_data'> = (call) => {
  const { params, inputs, outputs } = call;
  const [dy, w, dx] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const [xAxes, yAxes] = [axes4(outputs, 0), axes4(inputs, 0)];
  forEachTap(params, xAxes, axes4(inputs, 1), yAxes, ({ wAt, xAt, yAt, rows, columns }) => {
    const weight = w[wAt] as number;
    for (let row = 0; row < rows; row++) {
      const to = xAt + row * params.stride * xAxes[3];
      const from = yAt + row * yAxes[3];
      for (let q = 0; q < columns; q++) {
        const at = to + q * params.stride;
        dx[at] = (dx[at] as number) + weight * (dy[from + q] as number);
      }
    }
  });
};

/** See src/program/ops/convolution.ts. */
export const convolutionBackwardWeights: Kernel<'convolution_backward_weights'> = (call) => {
  const { params, inputs, outputs } = call;
  const [x, dy] = [reals(inputs, 0), reals(inputs, 1)];
  const [dw, db] = [reals(outputs, 0), reals(outputs, 1)];
  const [xAxes, yAxes] = [axes4(inputs, 0), axes4(inputs, 1)];
  forEachTap(params, xAxes, axes4(outputs, 0), yAxes, ({ wAt, xAt, yAt, rows, columns }) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const left = xAt + row * params.stride * xAxes[3];
      const right = yAt + row * yAxes[3];
      for (let q = 0; q < columns; q++) {
        sum += (x[left + q * params.stride] as number) * (dy[right + q] as number);
      }
    }
    dw[wAt] = (dw[wAt] as number) + sum;
  });
  const plane = yAxes[2] * yAxes[3];
  for (let at = 0; at < dy.length; at++) {
    const out = Math.floor(at / plane) % yAxes[1];
    db[out] = (db[out] as number) + (dy[at] as number);
  }
};
