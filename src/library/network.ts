// Shorthand for networks of one's own: a chain of the layers that the small presets are made of.
import { chain, drop, norm, pool, relu } from '../net/presets/chain.js';
import { classifier, conv, hidden } from '../net/presets/small.js';

/** Layers for {@link chain}; n is the number in a layer's name: conv1, relu1. A `Network` is data,
 *  and its layers may have any settings: these are the usual ones. */
export const layer = {
  /** A convolution: He weights, zero biases. */
  conv,
  /** ReLU. */
  relu,
  /** Max pooling 3x3, stride 2. */
  pool,
  /** Local response normalisation over 5 channels. */
  norm,
  /** Dropout of one half. */
  drop,
  /** A hidden inner product: He weights, zero biases. */
  hidden,
  /** The last layer, an output for each class of a task. */
  classifier,
} as const;

export { chain };
