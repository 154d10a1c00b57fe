// Where a network can be cut and what lies between, for people who choose.
import type { Shape } from '../tensor/tensor.js';
import { type Segment, segmentsOf } from './cuts.js';
import { factsOf } from './facts.js';
import type { Network } from './network.js';
import { stageCuts } from './stages.js';

/** A segment with what it holds and what leaves it. */
export interface SegmentFacts extends Omit<Segment, 'layers'> {
  readonly layers: number;
  /** Shape of the tensor at its end, for one image. */
  readonly shape: Shape;
  readonly parameters: number;
  /** FLOPs of its forward pass for one image. */
  readonly flops: number;
  /** Whether it is the last cut at its height and width. */
  readonly endsStage: boolean;
}

/** All segments of a network, the last of which ends with its output.
 *  @throws ShapeError naming the layer that does not fit */
export function segmentFacts(network: Network, classes: number): readonly SegmentFacts[] {
  const facts = factsOf(network, classes);
  const stages = new Set(stageCuts(network));
  return segmentsOf(network).map(({ layers, ...segment }) => {
    const own = layers.flatMap((name) => facts.get(name) ?? []);
    return {
      ...segment,
      layers: layers.length,
      shape: facts.get(segment.end)?.shape ?? [],
      parameters: own.reduce((sum, { parameters }) => sum + parameters, 0),
      flops: own.reduce((sum, { forwardFlops }) => sum + forwardFlops, 0),
      endsStage: stages.has(segment.ordinal),
    };
  });
}

// From where on a segment is too much to say anything of its layers.
const MANY_WEIGHT_LAYERS = 12;

/** What to know of a network that has few cut points; null if it has enough. */
export function fewCuts(network: Network): string | null {
  const segments = segmentsOf(network);
  const largest = segments.reduce((a, b) =>
    b.weightLayers.length > a.weightLayers.length ? b : a,
  );
  const count = largest.weightLayers.length;
  if (count < MANY_WEIGHT_LAYERS) return null;
  const all = segments.reduce((sum, { weightLayers }) => sum + weightLayers.length, 0);
  return (
    `${all} weight layers and only ${segments.length - 1} cut points: ${largest.name} holds ${count} of them, ` +
    'between which several tensors cross, so nothing can be said of each'
  );
}
