// How a node all of whose inputs are constants is computed.
import type { Constant } from '../constant.js';
import type { Reading } from '../reading.js';

/** The outputs of a node from its inputs, null for those left out.
 *  @throws Refusal if it cannot be computed */
export type Kernel = (
  reading: Reading,
  inputs: readonly (Constant | null)[],
) => readonly Constant[];
