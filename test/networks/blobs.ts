// What the layers of test networks have in common.
import type { Blob } from '../../src/net/layers/blob.js';

/** Weights with He's variance. */
export const weight: Blob = { filler: { type: 'he' }, lrMult: 1, decayMult: 1 };

/** Weights with Glorot's variance: uniform, for layers that no ReLU follows. */
export const even: Blob = { filler: { type: 'xavier' }, lrMult: 1, decayMult: 1 };

/** Biases and shifts: zero at first. */
export const bias: Blob = { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 0 };

/** Scales: one at first. */
export const scale: Blob = { filler: { type: 'constant', value: 1 }, lrMult: 1, decayMult: 0 };

/** Small numbers, of embeddings. */
export const small: Blob = {
  filler: { type: 'gaussian', std: 0.02 },
  lrMult: 1,
  decayMult: 0,
};
