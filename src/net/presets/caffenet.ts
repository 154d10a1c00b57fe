// `caffenet`: the paper's network (Yosinski et al. 2014, results/half0A/imagenet_train.prototxt).
// Pooling comes before LRN, conv2, conv4 and conv5 have two groups, and their biases (and fc6's,
// fc7's) start at 1.
import { squareSliding } from '../../tensor/window.js';
import type { Network } from '../network.js';
import { bias, chain, drop, type Link, norm, pool, relu, weight } from './chain.js';

function conv(
  n: number,
  outputs: number,
  window: { kernel: number; stride?: number; pad?: number },
  groups: number,
  biasValue: number,
): Link {
  return {
    kind: 'convolution',
    name: `conv${n}`,
    outputs,
    kernel: [window.kernel, window.kernel],
    ...squareSliding(window),
    groups,
    weight: weight({ type: 'gaussian', std: 0.01 }),
    bias: bias(biasValue),
  };
}

function fc(n: number, outputs: number | 'classes', std: number, biasValue: number): Link {
  return {
    kind: 'inner-product',
    name: `fc${n}`,
    outputs,
    weight: weight({ type: 'gaussian', std }),
    bias: bias(biasValue),
  };
}

/** Input [N,3,227,227], pixels 0..255 less the mean; 60,965,224 parameters with 1000 classes. */
export const caffenet: Network = chain({ name: 'caffenet', channels: 3, crop: 227, scale: 1 }, [
  conv(1, 96, { kernel: 11, stride: 4 }, 1, 0),
  relu(1),
  pool(1),
  norm(1),
  conv(2, 256, { kernel: 5, pad: 2 }, 2, 1),
  relu(2),
  pool(2),
  norm(2),
  conv(3, 384, { kernel: 3, pad: 1 }, 1, 0),
  relu(3),
  conv(4, 384, { kernel: 3, pad: 1 }, 2, 1),
  relu(4),
  conv(5, 256, { kernel: 3, pad: 1 }, 2, 1),
  relu(5),
  pool(5),
  fc(6, 4096, 0.005, 1),
  relu(6),
  drop(6),
  fc(7, 4096, 0.005, 1),
  relu(7),
  drop(7),
  fc(8, 'classes', 0.01, 0),
]);
