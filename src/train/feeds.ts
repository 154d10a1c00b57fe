// A minibatch as the feeds of a gang's programs.
import type { Minibatch } from '../data/image-set.js';
import { type HostTensor, i32, u8 } from '../tensor/tensor.js';

/** Feeds `crops` u8 [N,C,height,width], `windows` i32 [N,3], `labels` i32 [N]; views, nothing is
 *  copied. */
export function feedsOf(minibatch: Minibatch): Readonly<Record<string, HostTensor>> {
  const count = minibatch.labels.length;
  const { channels, height, width } = minibatch.form;
  return {
    crops: u8([count, channels, height, width], minibatch.crops),
    windows: i32([count, 3], minibatch.windows),
    labels: i32([count], minibatch.labels),
  };
}
