// Pixels to network input, row by row with running indices: 4-5 ns an element.
import { DataError } from '../../../base/errors.js';

/** Sizes of one {@link normalise} call. */
export interface NormaliseGeometry {
  /** [N,C,h,w] of the crops. */
  readonly crops: readonly [number, number, number, number];
  /** [H,W] of the mean. */
  readonly mean: readonly [number, number];
  /** One for all channels, or one a channel. */
  readonly scale: readonly number[];
}

/** See src/program/ops/normalise.ts. All arrays are row-major.
 *  @param crops u8 [N,C,h,w]
 *  @param windows i32 [N,3]: top and left in the mean image, mirrored or not
 *  @param mean f32 [C,H,W]
 *  @param x f32 [N,C,h,w], written
 *  @throws DataError if a window leaves the mean image */
export function normalise(
  { crops: [n, c, h, w], mean: [meanHeight, meanWidth], scale: scales }: NormaliseGeometry,
  crops: ArrayLike<number>,
  windows: ArrayLike<number>,
  mean: ArrayLike<number>,
  x: Float32Array,
): void {
  for (let image = 0; image < n; image++) {
    const top = windows[3 * image] as number;
    const left = windows[3 * image + 1] as number;
    const isMirrored = windows[3 * image + 2] !== 0;
    if (top < 0 || left < 0 || top + h > meanHeight || left + w > meanWidth) {
      throw new DataError(
        `normalise: window ${h}x${w} at (${top}, ${left}) of row ${image} leaves the mean ${meanHeight}x${meanWidth}`,
      );
    }
    for (let channel = 0; channel < c; channel++) {
      const scale = scales[channel] ?? (scales[0] as number);
      for (let row = 0; row < h; row++) {
        const start = ((image * c + channel) * h + row) * w;
        const meanRow = (channel * meanHeight + top + row) * meanWidth + left;
        const step = isMirrored ? -1 : 1;
        let meanAt = isMirrored ? meanRow + w - 1 : meanRow;
        for (let at = start; at < start + w; at++, meanAt += step) {
          x[at] = ((crops[at] as number) - (mean[meanAt] as number)) * scale;
        }
      }
    }
  }
}
