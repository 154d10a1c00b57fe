// What an advice is asked for.
import type { Model } from './model.js';

/** What is asked. */
export interface AdviceRequest {
  /** One, or several of which the best is looked for. */
  readonly models: readonly [Model, ...Model[]];
  /** Sources of images, as `data.source` of a study. */
  readonly data: readonly string[];
  /** Folder of the advice, absolute. */
  readonly directory: string;
  readonly budgetSeconds: number;
  readonly seed: number;
  /** As `--preprocess` says. */
  readonly preprocess?: string;
  readonly mirror: boolean;
}
