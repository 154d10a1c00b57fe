// What is known of a network once it is lowered: shapes, blobs and arithmetic of every layer. There
// are no second rules: all of it is read off the ops that would be trained.
import { ProgramBuilder } from '../program/builder.js';
import { nodeFlops } from '../program/flops.js';
import { elementCount, type Shape } from '../tensor/tensor.js';
import type { BlobSpec } from './layers/blob.js';
import type { Layer } from './layers/table.js';
import { lowerNetwork } from './lower.js';
import type { Network } from './network.js';

/** One layer of a network for a task of so many classes. */
export interface LayerFacts {
  readonly layer: Layer;
  /** Of its output for one image, without the batch axis: [C,H,W] or [K]. */
  readonly shape: Shape;
  readonly blobs: readonly BlobSpec[];
  /** Elements of all its blobs. */
  readonly parameters: number;
  /** FLOPs of its forward pass for one image: see `nodeFlops`. Taps in padding do not count. */
  readonly forwardFlops: number;
}

/** All layers by name, in the network's order. */
export type NetworkFacts = ReadonlyMap<string, LayerFacts>;

const known = new WeakMap<Network, Map<number, NetworkFacts>>();

/** Facts of a network for a task of `classes` classes, found once.
 *  @throws ShapeError naming the layer that does not fit */
export function factsOf(network: Network, classes: number): NetworkFacts {
  const byClasses = known.get(network) ?? new Map<number, NetworkFacts>();
  known.set(network, byClasses);
  const facts = byClasses.get(classes) ?? findFacts(network, classes);
  byClasses.set(classes, facts);
  return facts;
}

function findFacts(network: Network, classes: number): NetworkFacts {
  const builder = new ProgramBuilder();
  const { channels, height, width } = network.input;
  const x = builder.feed('x', { dtype: 'f32', shape: [1, channels, height, width] });
  const facts = new Map<string, LayerFacts>();
  let from = 0;
  lowerNetwork(builder, network, x, {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: (layer, { name, shape }) =>
      builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape }),
    onLayer: (layer, output, blobs) => {
      const nodes = builder.nodes.slice(from);
      from = builder.nodes.length;
      facts.set(layer.name, {
        layer,
        shape: builder.typeOf(output).shape.slice(1),
        blobs,
        parameters: blobs.reduce((sum, { shape }) => sum + elementCount(shape), 0),
        forwardFlops: nodes.reduce((sum, node) => sum + nodeFlops(builder, node, 'direct'), 0),
      });
    },
  });
  return facts;
}
