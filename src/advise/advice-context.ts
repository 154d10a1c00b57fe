// What every part of an advice works on.
import type { DividedData } from './divide.js';
import type { AdviceHost } from './host.js';
import type { Preprocessing } from './preprocessing.js';
import type { SourceNetwork } from './source.js';

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
