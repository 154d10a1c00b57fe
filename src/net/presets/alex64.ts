// `alex64`: an eight-layer AlexNet for 56x56 crops of 64x64 images.
import type { Network } from '../network.js';
import { chain, drop, norm, pool, relu } from './chain.js';
import { classifier, conv, hidden } from './small.js';

/** Input [N,3,56,56]; conv 64, 128, 192, 192, 128, fc 512, 512, classes. */
export const alex64: Network = chain({ name: 'alex64', channels: 3, crop: 56, scale: 1 / 64 }, [
  conv(1, 64, { kernel: 7, stride: 2, pad: 3 }),
  relu(1),
  pool(1),
  norm(1),
  conv(2, 128, { kernel: 5, pad: 2 }),
  relu(2),
  pool(2),
  norm(2),
  conv(3, 192, { kernel: 3, pad: 1 }),
  relu(3),
  conv(4, 192, { kernel: 3, pad: 1 }),
  relu(4),
  conv(5, 128, { kernel: 3, pad: 1 }),
  relu(5),
  pool(5),
  hidden(6, 512),
  relu(6),
  drop(6),
  hidden(7, 512),
  relu(7),
  drop(7),
  classifier(8),
]);
