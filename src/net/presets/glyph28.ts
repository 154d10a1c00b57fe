// `glyph28`: six weight layers for 28x28 greyscale glyphs; the demo's network.
import type { Network } from '../network.js';
import { chain, drop, pool, relu } from './chain.js';
import { classifier, conv, hidden } from './small.js';

/** Input [N,1,28,28], no crop; conv 16, 32, 48, 48, fc 128, classes. */
export const glyph28: Network = chain({ name: 'glyph28', channels: 1, crop: 28, scale: 1 / 64 }, [
  conv(1, 16, { kernel: 5, pad: 2 }),
  relu(1),
  pool(1),
  conv(2, 32, { kernel: 5, pad: 2 }),
  relu(2),
  pool(2),
  conv(3, 48, { kernel: 3, pad: 1 }),
  relu(3),
  conv(4, 48, { kernel: 3, pad: 1 }),
  relu(4),
  pool(4),
  hidden(5, 128),
  relu(5),
  drop(5),
  classifier(6),
]);
