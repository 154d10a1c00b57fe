// A layer while it is converted.
import type { Layer } from '../../../layers/table.js';

/** A layer without its name and its inputs. */
export type Fields = {
  [K in Layer['kind']]: Omit<Extract<Layer, { kind: K }>, 'name' | 'inputs'>;
}[Layer['kind']];
