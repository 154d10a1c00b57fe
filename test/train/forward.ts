// What tests of networks that are only looked at have in common: four classes of glyphs and weights
// of test/train/job.ts' network.
import { makeTask } from '../../src/data/classes/task.js';
import { openStore } from '../../src/data/store/open-store.js';
import { factsOf } from '../../src/net/facts.js';
import { fillGaussian, streamKey } from '../../src/base/random-stream.js';
import { f32, type HostTensor } from '../../src/tensor/tensor.js';
import { smallNetwork } from './job.js';

export { smallNetwork };

/** 20 training images of each of four classes of glyphs, and all of their validation images. */
export const task = makeTask(openStore('glyphs'), ['upper-A', 'upper-B', 'upper-C', 'upper-D'], 20);

/** Weights of the small network for four classes, Gaussian with deviation 0.2. */
export function drawnWeights(seed: number): Readonly<Record<string, HostTensor>> {
  const weights: Record<string, HostTensor> = {};
  for (const [layer, { blobs }] of factsOf(smallNetwork, 4)) {
    for (const { name, shape } of blobs) {
      const tensor = f32(shape);
      fillGaussian(tensor.data, streamKey(['test', seed, layer, name]), 0.2);
      weights[`${layer}.${name}`] = tensor;
    }
  }
  return weights;
}
