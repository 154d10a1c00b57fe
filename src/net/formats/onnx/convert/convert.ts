// A graph as a network's layers.
import type { Shape } from '../../../../tensor/tensor.js';
import type { Layer } from '../../../layers/table.js';
import type { Constant } from '../constant.js';
import type { NodeProblem } from '../fold/fold.js';
import type { Known, Node } from '../graph.js';
import type { OperatorName } from '../operators.js';
import { Reading } from '../reading.js';
import { Refusal } from '../refusal.js';
import { activations } from './activations.js';
import { Conversion, type Converter } from './conversion.js';
import { elementwise } from './elementwise.js';
import { LayerBuilder } from './layer-builder.js';
import { norms } from './norms.js';
import { pooling } from './pooling.js';
import { views } from './views.js';
import { weighted } from './weighted.js';

/** How each operator becomes layers; the compiler names one that lacks its row. */
const converters: { readonly [O in OperatorName]: Converter } = {
  ...weighted,
  ...elementwise,
  ...activations,
  ...pooling,
  ...norms,
  ...views,
  // Those at the end of a network are taken off before.
  LogSoftmax: () => {
    throw new Refusal('takes logarithms of a softmax inside the network');
  },
};

/** A graph's nodes with what is known of their values. */
export interface ToConvert extends Known {
  readonly nodes: readonly Node[];
  readonly opset: number;
  readonly input: { readonly name: string; readonly dims: Shape };
  /** The value that holds the logits. */
  readonly output: string;
  /** True if the images lie as [N,H,W,C]. */
  readonly channelsLast: boolean;
}

/** Layers, and the numbers of their blobs by "<layer>.<blob>". */
export interface Converted {
  readonly layers: readonly Layer[];
  readonly weights: ReadonlyMap<string, Constant>;
  /** Name of the layer that gives the logits; null if the output was refused. */
  readonly output: string | null;
}

/** The layers of a graph, in order, without those that the output does not need. What no layer
 *  computes goes to `problem`. */
export function convert(graph: ToConvert, problem: NodeProblem): Converted {
  const builder = builderFor(graph);
  const lost = new Set<string>();
  for (const node of graph.nodes) {
    if (node.inputs.some((name) => lost.has(name))) {
      node.outputs.forEach((name) => lost.add(name));
      continue;
    }
    try {
      const reading = new Reading(node, graph.opset, graph);
      const converter = (converters as Readonly<Record<string, Converter>>)[node.op];
      if (converter === undefined) {
        throw new Refusal(`is the operator ${node.op}, which no layer of Selffer computes`);
      }
      converter(new Conversion(reading, builder));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem(node, error);
      node.outputs.forEach((name) => lost.add(name));
    }
  }
  if (lost.size > 0) return { layers: [], weights: new Map(), output: null };
  return finished(builder, graph);
}

function builderFor({ nodes, input, output, channelsLast }: ToConvert): LayerBuilder {
  const readers = new Map<string, number>([[output, 1]]);
  for (const node of nodes) {
    for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const [, height = 1, width = 1, channels = 1] = input.dims;
  const dims = channelsLast ? [1, channels, height, width] : input.dims;
  const builder = new LayerBuilder(input.name, dims, (value) => readers.get(value) ?? 0);
  if (channelsLast)
    builder.give(input.name, builder.transposed(nodes[0] as Node, 'data', [0, 2, 3, 1]));
  return builder;
}

function finished(builder: LayerBuilder, { nodes, output }: ToConvert): Converted {
  const last = nodes.at(-1) as Node;
  const dims = builder.dims(builder.layerOf(output));
  const classes = dims.reduce((product, size) => product * size, 1);
  const top = builder.reshaped(last, builder.layerOf(output), [1, classes]);
  const needed = new Set([top]);
  const layers = builder.layers.toReversed().filter((layer) => {
    if (!needed.has(layer.name)) return false;
    layer.inputs.forEach((name) => needed.add(name));
    return true;
  });
  const weights = [...builder.weights].filter(([name]) =>
    needed.has(name.slice(0, name.lastIndexOf('.'))),
  );
  return { layers: layers.reverse(), weights: new Map(weights), output: top };
}
