// `tiny32`: an eight-layer AlexNet for 32x32 crops.
import type { Network } from '../network.js';
import { chain, drop, norm, pool, relu } from './chain.js';
import { classifier, conv, hidden } from './small.js';

/** Input [N,3,32,32]; conv 32, 64, 96, 96, 64, fc 256, 256, classes. */
export const tiny32: Network = chain({ name: 'tiny32', channels: 3, crop: 32, scale: 1 / 64 }, [
  conv(1, 32, { kernel: 5, pad: 2 }),
  relu(1),
  pool(1),
  norm(1),
  conv(2, 64, { kernel: 5, pad: 2 }),
  relu(2),
  pool(2),
  norm(2),
  conv(3, 96, { kernel: 3, pad: 1 }),
  relu(3),
  conv(4, 96, { kernel: 3, pad: 1 }),
  relu(4),
  conv(5, 64, { kernel: 3, pad: 1 }),
  relu(5),
  pool(5),
  hidden(6, 256),
  relu(6),
  drop(6),
  hidden(7, 256),
  relu(7),
  drop(7),
  classifier(8),
]);
