// Which segments of a network a treatment copies, and which of them stay as they are.
import { segmentsOf } from '../net/cuts.js';
import type { Network } from '../net/network.js';
import { type SegmentRole, segmentRole, type Treated } from './segment-role.js';

/** Names of the layers of the segments that do not start fresh. */
export function specialLayers(network: Network, treated: Treated): readonly string[] {
  return layersWhere(network, treated, ({ isSpecial }) => isSpecial);
}

/** Names of the layers that do not learn. */
export function frozenLayers(network: Network, treated: Treated): readonly string[] {
  return layersWhere(network, treated, ({ isFrozen }) => isFrozen);
}

/** Segments at the bottom that do not learn: their output is the same for all networks with this
 *  source. */
export function frozenPrefix(network: Network, treated: Treated): number {
  const { length } = segmentsOf(network);
  let prefix = 0;
  while (prefix < length && segmentRole(treated, prefix + 1, length).isFrozen) prefix += 1;
  return prefix;
}

function layersWhere(
  network: Network,
  treated: Treated,
  is: (role: SegmentRole) => boolean,
): readonly string[] {
  const segments = segmentsOf(network);
  return segments
    .filter(({ ordinal }) => is(segmentRole(treated, ordinal, segments.length)))
    .flatMap(({ layers }) => layers);
}
