// What every part of an advice works on.
import type { AdviceHost } from './host.js';
import type { Preprocessing } from './preprocessing.js';
import type { SourceNetwork } from './source.js';

/** The images of an advice, packed in three parts. */
export interface DividedData {
  /** Path of the store. */
  readonly store: string;
  readonly classes: readonly string[];
  /** Images of each part: to train on, to choose by, to judge with. */
  readonly train: number;
  readonly selection: number;
  readonly test: number;
  /** Share of the most frequent class of the test part: what guessing reaches. */
  readonly guessing: number;
  /** Images that stay beside one that they look like. */
  readonly together: number;
  /** See `ImageSet.manifestHash`. */
  readonly hash: string;
}

/** An advice once its data are divided. */
export interface DataContext {
  /** Folder of the advice, absolute. */
  readonly directory: string;
  readonly source: SourceNetwork;
  readonly data: DividedData;
  readonly seed: number;
  readonly budgetSeconds: number;
  /** Whether training images are mirrored at random. */
  readonly mirror: boolean;
  readonly host: AdviceHost;
}

/** An advice once it is known how images are prepared. */
export interface AdviceContext extends DataContext {
  readonly preprocessing: Preprocessing;
}
