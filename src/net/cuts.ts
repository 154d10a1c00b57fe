// Where a network can be cut: the places where exactly one tensor passes from what is below to what
// is above, and the segments between them.
import { PlanError } from '../base/errors.js';
import { isWeightLayer, type Network } from './network.js';
import { segmentNames } from './segment-names.js';

/** A segment and the place at its end. In a chain a segment is one weight layer with the layers
 *  without blobs that follow it. */
export interface Segment {
  /** 1 for the first. */
  readonly ordinal: number;
  /** See `segmentNames`. */
  readonly name: string;
  /** Names of its weight layers. */
  readonly weightLayers: readonly string[];
  /** Names of its layers, in the network's order. */
  readonly layers: readonly string[];
  /** Name of the layer whose output is the one tensor that crosses at its end. */
  readonly end: string;
}

/** The segments of a network, in order; the last one ends with the network's output. A segment ends
 *  at the last place where exactly one tensor crosses after one more weight layer. Linear in the
 *  graph. Every layer must be needed by the output (`checkNetwork` sees to it): then the layers
 *  before a place where one tensor crosses are its ancestors, whatever order they stand in. */
export function segmentsOf(network: Network): readonly Segment[] {
  const segments = known.get(network) ?? findSegments(network);
  known.set(network, segments);
  return segments;
}

const known = new WeakMap<Network, readonly Segment[]>();

function findSegments(network: Network): readonly Segment[] {
  const { layers } = network;
  const open = new OpenTensors(network);
  const segments: Omit<Segment, 'ordinal' | 'name'>[] = [];
  let from = 0;
  let weightLayers = 0;
  let end: number | null = null;
  const close = (): void => {
    if (weightLayers === 0 || end === null) return;
    const own = layers.slice(from, end + 1);
    segments.push({
      weightLayers: own.filter(isWeightLayer).map(({ name }) => name),
      layers: own.map(({ name }) => name),
      end: layers[end]?.name as string,
    });
    from = end + 1;
    weightLayers = 0;
    end = null;
  };
  layers.forEach((layer, index) => {
    if (isWeightLayer(layer)) {
      // What came before this layer is a segment of its own if it could be cut off.
      close();
      weightLayers += 1;
    }
    if (open.after(index) === 1 && weightLayers > 0) end = index;
  });
  close();
  const names = segmentNames(segments, network);
  return segments.map((segment, at) => ({
    ordinal: at + 1,
    name: names[at] as string,
    ...segment,
  }));
}

/** Names of the layers of segments 1..n: those that a network with n copied segments copies.
 *  @throws PlanError if n is outside 0..number of segments */
export function layersBelow(network: Network, n: number): readonly string[] {
  const segments = segmentsOf(network);
  if (!Number.isInteger(n) || n < 0 || n > segments.length) {
    throw new PlanError(
      `network ${network.name}: cannot be cut after segment ${n}, it has ${segments.length}`,
    );
  }
  return segments.slice(0, n).flatMap(({ layers }) => layers);
}

/** Every n after which the network can be cut: 1..L-1 for L segments. */
export function cutPoints(network: Network): readonly number[] {
  return Array.from({ length: segmentsOf(network).length - 1 }, (_, index) => index + 1);
}

/** How many tensors cross after each layer: made at or below it, read above it. The network's
 *  output is read by its loss, above all layers. */
class OpenTensors {
  readonly #lastRead = new Map<string, number>();
  readonly #closing = new Map<number, number>();
  readonly #names: readonly string[];
  #open: number;

  constructor({ layers, output }: Network) {
    this.#names = layers.map(({ name }) => name);
    layers.forEach(({ inputs }, index) => {
      for (const input of inputs) this.#lastRead.set(input, index);
    });
    this.#lastRead.set(output, layers.length);
    for (const index of this.#lastRead.values()) {
      this.#closing.set(index, (this.#closing.get(index) ?? 0) + 1);
    }
    this.#open = this.#lastRead.has('data') ? 1 : 0;
  }

  /** Tensors that cross after the layer at `index`; to be asked for each layer in order. */
  after(index: number): number {
    if (this.#lastRead.has(this.#names[index] as string)) this.#open += 1;
    this.#open -= this.#closing.get(index) ?? 0;
    return this.#open;
  }
}
