// Layers of the small presets: He weights, zero biases, a classifier drawn N(0, 0.01).
import { squareSliding } from '../../tensor/window.js';
import { bias, type Link, weight } from './chain.js';

/** Square window of a convolution; pad 0 and stride 1 unless given. */
export interface Kernel {
  readonly kernel: number;
  readonly stride?: number;
  readonly pad?: number;
}

/** Convolution n with He weights and zero biases.
 *  @param outputs its channels
 *  @param window size, stride and padding of its window */
export function conv(n: number, outputs: number, { kernel, stride = 1, pad = 0 }: Kernel): Link {
  return {
    kind: 'convolution',
    name: `conv${n}`,
    outputs,
    kernel: [kernel, kernel],
    ...squareSliding({ stride, pad }),
    groups: 1,
    weight: weight({ type: 'he' }),
    bias: bias(0),
  };
}

/** Hidden inner product n with He weights and zero biases. */
export function hidden(n: number, outputs: number): Link {
  return {
    kind: 'inner-product',
    name: `fc${n}`,
    outputs,
    weight: weight({ type: 'he' }),
    bias: bias(0),
  };
}

/** The classifier, weight layer n: N(0, 0.01) weights, zero biases. */
export function classifier(n: number): Link {
  return {
    kind: 'inner-product',
    name: `fc${n}`,
    outputs: 'classes',
    weight: weight({ type: 'gaussian', std: 0.01 }),
    bias: bias(0),
  };
}
