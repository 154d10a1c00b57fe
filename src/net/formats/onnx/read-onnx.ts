// An ONNX file as a network, its weights and what must be said of both.
import { basename } from 'node:path';
import type { Shape } from '../../../tensor/tensor.js';
import { checkNetwork } from '../../check.js';
import type { Layer } from '../../layers/table.js';
import type { Network } from '../../network.js';
import type { Constant } from './constant.js';
import { type Converted, convert } from './convert/convert.js';
import { fold } from './fold/fold.js';
import type { Graph, GraphInput, Node } from './graph.js';
import { type ModelFile, readModel } from './model-file.js';
import { notesOn } from './notes.js';
import { GraphProblems } from './problems.js';
import { neededFor, simplified } from './simplify/simplify.js';

/** One blob of a network, in its file. */
export interface OnnxWeight {
  readonly shape: Shape;
  /** Its numbers in row-major order, read from the file when asked for.
   *  @throws FileError, DataError if the file has changed */
  readonly read: () => Float32Array;
  /** Name of the tensor of the file that it is made of; null if it is computed from several. */
  readonly tensor: string | null;
}

/** A network that was read. */
export interface OnnxNetwork {
  /** Its classifier has `outputs: 'classes'`, where the rest of it leaves that open. */
  readonly network: Network;
  /** By "<layer>.<blob>". */
  readonly weights: ReadonlyMap<string, OnnxWeight>;
  /** Outputs as the file has them. */
  readonly classes: number;
  /** What of the file is read differently, or may surprise. */
  readonly notes: readonly string[];
  /** How the file takes its images; the network itself takes [N,C,H,W]. */
  readonly inputLayout: 'NCHW' | 'NHWC';
}

/** What the study knows where the file leaves it open. */
export interface OnnxDefaults {
  readonly height?: number;
  readonly width?: number;
  readonly channels?: number;
}

/** Reads a network; its weights stay in the file until they are asked for. The whole graph is
 *  checked first.
 *  @throws ParseError with every problem found: operators that no layer computes, with their places
 *  @throws FileError if the file cannot be read */
export function readOnnx(path: string, defaults: OnnxDefaults = {}): OnnxNetwork {
  const file = readModel(path);
  const problems = new GraphProblems(path, file.graph);
  const name = basename(path).replace(/\.onnx$/i, '');
  const input = imagesOf(file.graph, defaults, problems);
  problems.throwIfAny();
  const graph = { ...file.graph, nodes: neededFor(file.graph.outputs[0] ?? '', file.graph.nodes) };
  const { converted, notes, classes } = layersOf({ ...file, graph }, input as Images, problems);
  problems.throwIfAny();
  const layers = withOpenClasses(converted, classes);
  const { channels, height, width, layout } = input as Images;
  const network: Network = {
    name,
    // What is subtracted from pixels, and the factor, stand in no ONNX file: the study says it.
    input: { channels, height, width, scale: [1], mean: 'image' },
    layers,
    output: converted.output ?? '',
  };
  checkNetwork(network, classes, path);
  return { network, weights: weightsOf(converted), classes, notes, inputLayout: layout };
}

interface Images {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Numbers of channels that images have. */
const CHANNELS = [1, 2, 3, 4];

function imagesOf(
  { inputs }: Graph,
  defaults: OnnxDefaults,
  problems: GraphProblems,
): Images | null {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || input.dims.length !== 4) {
    const found = inputs.map(shownInput).join(', ') || 'none';
    problems.say(`found the inputs ${found}, wanted one of 4 axes: images`);
    return null;
  }
  const [, second = null, third = null, fourth = null] = input.dims;
  const isFirst = second === null || CHANNELS.includes(second);
  const isLast = !isFirst && fourth !== null && CHANNELS.includes(fourth);
  const [channels, height, width] = isLast
    ? [fourth, second, third]
    : [second ?? defaults.channels ?? 3, third, fourth];
  const sizes = [height ?? defaults.height, width ?? defaults.width] as const;
  if (sizes[0] === undefined || sizes[1] === undefined) {
    problems.say(
      `its input ${shownInput(input)} leaves height and width open: say them (data.crop of a study, --size of selffer cuts)`,
    );
    return null;
  }
  const layout = isLast ? 'NHWC' : 'NCHW';
  return { name: input.name, layout, channels, height: sizes[0], width: sizes[1] };
}

function shownInput({ name, dims }: GraphInput): string {
  return `${name} [${dims.map((size) => size ?? '?').join(',')}]`;
}

function layersOf(
  { graph, producer }: ModelFile,
  { name, layout, channels, height, width }: Images,
  problems: GraphProblems,
): {
  readonly converted: Converted;
  readonly notes: readonly string[];
  readonly classes: number;
} {
  const channelsLast = layout === 'NHWC';
  const dims = channelsLast ? [1, height, width, channels] : [1, channels, height, width];
  const folded = fold(graph, dims, problems.add);
  const { output, notes } = withoutSoftmax(graph.outputs[0] ?? '', folded.nodes);
  const nodes = simplified(folded, output);
  const toConvert = { ...folded, nodes, input: { name, dims }, output, channelsLast };
  const converted = convert(toConvert, problems.add);
  const { layers } = converted;
  const said = notesOn({ graph, nodes: folded.nodes, layers, producer });
  const classes = (folded.dims(output) ?? [0]).reduce((product, size) => product * size, 1);
  return { converted, notes: [...notes, ...said], classes };
}

/** The value below a softmax at the end: the loss has its own. */
function withoutSoftmax(
  output: string,
  nodes: readonly Node[],
): { readonly output: string; readonly notes: readonly string[] } {
  const last = nodes.find(({ outputs }) => outputs.includes(output));
  const below = last?.inputs[0] ?? '';
  if (last?.op === 'Identity' || last?.op === 'Cast') return withoutSoftmax(below, nodes);
  if (last?.op !== 'Softmax' && last?.op !== 'LogSoftmax') return { output, notes: [] };
  return { output: below, notes: [`the ${last.op} at its end is left out: the loss has its own`] };
}

// Kinds after which the outputs of the layer below are still the classes, however many.
const keepsClasses = new Set(['relu', 'activation', 'dropout', 'mean', 'max-pool', 'average-pool']);

/** The layers with as many outputs as the task has classes, where everything above the last weight
 *  layer leaves that open. */
function withOpenClasses({ layers, output }: Converted, classes: number): readonly Layer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  let top = byName.get(output ?? '');
  while (top !== undefined && keepsClasses.has(top.kind)) top = byName.get(top.inputs[0] ?? '');
  if (top === undefined || !('outputs' in top) || top.outputs !== classes) return layers;
  return layers.map((layer) => (layer === top ? { ...layer, outputs: 'classes' } : layer));
}

function weightsOf({ weights }: Converted): ReadonlyMap<string, OnnxWeight> {
  const weightOf = ({ dims, numbers, stored }: Constant): OnnxWeight => ({
    shape: dims,
    read: () => new Float32Array(numbers()),
    tensor: stored,
  });
  return new Map([...weights].map(([name, constant]) => [name, weightOf(constant)]));
}
