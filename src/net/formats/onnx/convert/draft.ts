// A layer while it is converted.
import type { LayerBase } from '../../../layers/rule.js';

/** A layer of any kind. */
export interface Draft extends LayerBase {
  readonly [field: string]: unknown;
}
