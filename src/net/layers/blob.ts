// One tensor that a layer owns: how it starts, how it learns, what it is for.
import type { Shape } from '../../tensor/tensor.js';

/** Which count n a filler divides by: weights of one output, weights that one input channel meets,
 *  or the mean of both. */
export type FanNorm = 'fan-in' | 'fan-out' | 'average';

/** How fresh values of a blob are drawn. `he`: normal with sd sqrt(2 / n). `xavier`: uniform within
 *  sqrt(3 / n) of 0. n is the fan-in unless `norm` says otherwise. */
export type Filler =
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'gaussian'; readonly std: number }
  | { readonly type: 'uniform'; readonly min: number; readonly max: number }
  | { readonly type: 'he'; readonly norm?: FanNorm }
  | { readonly type: 'xavier'; readonly norm?: FanNorm };

/** One tensor of a layer: its filler and its multipliers of learning rate and weight decay. */
export interface Blob {
  readonly filler: Filler;
  readonly lrMult: number;
  readonly decayMult: number;
}

/** `learned`: changed by the solver along its gradient. `statistic`: changed by the layer itself
 *  while it trains, without a gradient (running means). Both are saved, copied and audited. */
export type BlobRole = 'learned' | 'statistic';

/** A blob of a layer whose input is known. */
export interface BlobSpec extends Blob {
  /** As in weight files, where it follows the layer's name: "conv1.weight". */
  readonly name: string;
  readonly shape: Shape;
  readonly role: BlobRole;
}
