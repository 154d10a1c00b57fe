// The stages of a network: what people cut between, where a network has more cut points than they
// care for.
import { cutPoints, type Segment, segmentsOf } from './cuts.js';
import { factsOf } from './facts.js';
import type { Network } from './network.js';

/** Every n that is the last cut at its height and width: in a residual network the stem and each
 *  stage. What counts is the last layer of a segment that has height and width: pooling to a single
 *  position ends no stage. Tokens and vectors count as of one size.
 *  @throws ShapeError naming the layer that does not fit */
export function stageCuts(network: Network): readonly number[] {
  const facts = factsOf(network, 2);
  const segments = segmentsOf(network);
  const sizeAfter = (n: number): string => {
    const sizes = (segments[n - 1] as Segment).layers
      .map((name) => facts.get(name)?.shape ?? [])
      .filter((shape) => shape.length === 3)
      .map((shape) => shape.slice(1).join('x'));
    return sizes.findLast((size) => size !== '1x1') ?? 'none';
  };
  const cuts = cutPoints(network);
  return cuts.filter((n, at) => {
    const next = cuts[at + 1];
    return next === undefined || sizeAfter(next) !== sizeAfter(n);
  });
}
