// What a network subtracts from pixels.
import type { Task } from '../data/image-set.js';
import type { Augmentation } from '../data/minibatch/augment.js';
import { meanImage } from '../data/minibatch/mean-image.js';
import type { Network } from '../net/network.js';

/** What is subtracted from every pixel, f32 [C,H,W]: the task's mean image, or the network's own
 *  means, each all over its channel. Of images that are padded or resampled no pixel has its place
 *  in a mean image: the image's mean of each channel is taken.
 *  @param task whose mean image it is   @param augment how its training images are cut */
export async function meanPixels(
  { input }: Pick<Network, 'input'>,
  task: Task,
  augment: Augmentation | undefined,
): Promise<Float32Array> {
  const { channels, height, width } = task.set.form;
  const pixels = height * width;
  let { mean } = input;
  if (mean === 'image') {
    const image = await meanImage(task.set, task);
    if (augment === undefined) return image;
    mean = Array.from({ length: channels }, (_, channel) =>
      meanOf(image.subarray(channel * pixels, (channel + 1) * pixels)),
    );
  }
  const means = mean;
  return Float32Array.from(
    { length: channels * pixels },
    (_, at) => means[Math.floor(at / pixels)] ?? 0,
  );
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
