// Pixels to network input.
import { DataError } from '../../base/errors.js';
import { axes4, integers, type Kernel, reals } from './kernel.js';

/** See src/program/ops/normalise.ts. @throws DataError if a window leaves the mean image */
export const normalise: Kernel<'normalise'> = ({ params, inputs, outputs }) => {
  const crops = inputs[0]?.data as Uint8Array;
  const [windows, mean, x] = [integers(inputs, 1), reals(inputs, 2), reals(outputs, 0)];
  const [n, c, h, w] = axes4(inputs, 0);
  const [, meanHeight, meanWidth] = inputs[2]?.shape as unknown as [number, number, number];
  for (let image = 0; image < n; image++) {
    const [top, left, mirrored] = windows.subarray(3 * image) as unknown as [
      number,
      number,
      number,
    ];
    if (top < 0 || left < 0 || top + h > meanHeight || left + w > meanWidth) {
      throw new DataError(
        `normalise: window ${h}x${w} at (${top}, ${left}) of row ${image} leaves the mean ${meanHeight}x${meanWidth}`,
      );
    }
    for (let channel = 0; channel < c; channel++) {
      for (let row = 0; row < h; row++) {
        for (let column = 0; column < w; column++) {
          const at = ((image * c + channel) * h + row) * w + column;
          const across = left + (mirrored === 0 ? column : w - 1 - column);
          const meanAt = (channel * meanHeight + top + row) * meanWidth + across;
          x[at] = ((crops[at] as number) - (mean[meanAt] as number)) * params.scale;
        }
      }
    }
  }
};
