// Pixels to network input.
import { DataError } from '../../base/errors.js';
import { axes4, integers, type Kernel, reals } from './kernel.js';

/** See src/program/ops/normalise.ts. @throws DataError if a window leaves the mean image */
export const normalise: Kernel<'normalise'> = ({ params, inputs, outputs }) => {
  const crops = inputs[0]?.data as Uint8Array;
  const [windows, mean, x] = [integers(inputs, 1), reals(inputs, 2), reals(outputs, 0)];
  const [, c, h, w] = axes4(inputs, 0);
  const [, meanH, meanW] = inputs[2]?.shape as readonly [number, number, number];
  for (let at = 0; at < x.length; at++) {
    const column = at % w;
    const row = Math.floor(at / w) % h;
    const channel = Math.floor(at / (w * h)) % c;
    const image = Math.floor(at / (w * h * c));
    const top = windows[3 * image] as number;
    const left = windows[3 * image + 1] as number;
    const isMirrored = windows[3 * image + 2] !== 0;
    if (top < 0 || left < 0 || top + h > meanH || left + w > meanW) {
      throw new DataError(
        `normalise: window ${h}x${w} at (${top}, ${left}) of row ${image} leaves the mean ${meanH}x${meanW}`,
      );
    }
    const scale = params.scale[channel] ?? (params.scale[0] as number);
    const meanColumn = left + (isMirrored ? w - 1 - column : column);
    const meanAt = (channel * meanH + top + row) * meanW + meanColumn;
    x[at] = ((crops[at] as number) - (mean[meanAt] as number)) * scale;
  }
};
