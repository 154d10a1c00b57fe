// The mean image that networks subtract from their input.
import type { ImageSet, Task } from './image-set.js';

/** Mean over a task's training images, whole and uncropped: mean = (1/N) * sum of pixels, summed in float64 (exactly).
 *  @returns f32 [C,H,W] in pixel values, 0..255 */
export function meanImage(set: ImageSet, task: Task): Float32Array {
  const sums = new Float64Array(set.channels * set.size * set.size);
  for (const record of task.train) {
    const pixels = set.train.pixels(record);
    for (let at = 0; at < sums.length; at++) {
      sums[at] = (sums[at] as number) + (pixels[at] as number);
    }
  }
  return Float32Array.from(sums, (sum) => sum / task.train.length);
}
