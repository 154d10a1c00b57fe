// Everything that does not depend on the images is computed once, before anything else: exporters
// write shapes, paddings and masks as arithmetic. The graph is followed for one image.
import type { Shape } from '../../../../tensor/tensor.js';
import { type Constant, integers } from '../constant.js';
import type { Graph, Known, Node } from '../graph.js';
import { operators, partial, type SizeRule } from '../operators.js';
import { Reading } from '../reading.js';
import { Refusal } from '../refusal.js';
import { arithmetic, castTo } from './arithmetic.js';
import type { Kernel } from './kernel.js';
import { making } from './making.js';
import { moving } from './moving.js';
import { withoutSequences } from './sequences.js';

const kernels: Readonly<Record<string, Kernel>> = { ...arithmetic, ...moving, ...making };
const sizeRules: Readonly<Record<string, SizeRule>> = { ...operators, ...partial };

/** A graph whose constants are all computed. */
export interface Folded extends Known {
  /** The nodes that depend on the images, in order. */
  readonly nodes: readonly Node[];
  readonly opset: number;
}

/** A node that cannot be taken, and why. */
export type NodeProblem = (node: Node, refusal: Refusal) => void;

/** Folds a graph for an input of the given sizes. What cannot be followed goes to `problem`; values
 *  above it are unknown, and not complained about again. */
export function fold(graph: Graph, input: Shape, problem: NodeProblem): Folded {
  const constants = new Map(graph.constants);
  const dims = new Map<string, Shape>([[graph.inputs[0]?.name ?? '', input]]);
  const known: Known = {
    constant: (value) => constants.get(value),
    dims: (value) => constants.get(value)?.dims ?? dims.get(value),
  };
  const nodes: Node[] = [];
  // What a refused node would give, and everything above it.
  const lost = new Set<string>();
  for (const written of graph.nodes) {
    const inputs = written.inputs.filter((name) => name !== '');
    let node = written;
    try {
      node = withoutSequences(written, graph.opset, known);
      const reading = new Reading(node, graph.opset, known);
      const computed = inputs.some((name) => lost.has(name)) ? null : constantsOf(reading, known);
      if (computed !== null) {
        computed.forEach((constant, index) => constants.set(node.outputs[index] ?? '', constant));
        continue;
      }
      nodes.push(node);
      const rule = node.domain === '' ? sizeRules[node.op] : undefined;
      if (rule === undefined) throw unknownOperator(node);
      if (inputs.some((name) => lost.has(name))) node.outputs.forEach((name) => lost.add(name));
      else rule(reading).forEach((shape, index) => dims.set(node.outputs[index] ?? '', shape));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem(node, error);
      node.outputs.forEach((name) => lost.add(name));
    }
  }
  return { ...known, nodes, opset: graph.opset };
}

/** What a node gives if it does not depend on the images; null if it does. */
function constantsOf(reading: Reading, known: Known): readonly Constant[] | null {
  const { op, inputs, domain } = reading.node;
  if (domain !== '') return null;
  if (op === 'Shape') return [shapeOf(reading)];
  if (op === 'Size') return [integers([reading.dims(0).reduce((a, b) => a * b, 1)], [])];
  const given = inputs.map((name) => (name === '' ? null : (known.constant(name) ?? undefined)));
  // Casts to the type of something: whatever depends on the images is a float32.
  if (op === 'CastLike' && given[0] && given[1] === undefined) return [castTo(given[0], 'f32')];
  if (given.includes(undefined)) return null;
  const kernel = kernels[op];
  if (kernel === undefined) {
    if (inputs.length === 0) throw unknownOperator(reading.node);
    throw new Refusal(`computes a constant with ${op}, which Selffer does not do`);
  }
  return kernel(reading, given as readonly (Constant | null)[]);
}

function shapeOf(reading: Reading): Constant {
  const dims = reading.dims(0);
  const [start, end] = [reading.number('start', 0), reading.number('end', dims.length)];
  return integers(dims.slice(start, end));
}

const remedies: readonly (readonly [ops: RegExp, remedy: string])[] = [
  [
    /^(Dynamic)?Quantize|^QLinear|Integer$|^Dequantize/,
    'export the network before it is quantised',
  ],
  [
    /^(If|Loop|Scan)$/,
    'export it traced, so that its way is fixed: torch.onnx.export(model, x, f)',
  ],
  [/^Einsum$/, 'write it as torch.matmul with permute before the export'],
  [/^Resize$|^Upsample$/, 'a network that enlarges its features inside is not supported yet'],
  [/^(LSTM|GRU|RNN)$/, 'networks that run along a sequence are not image classifiers'],
];

function unknownOperator({ op, domain }: Node): Refusal {
  if (domain !== '') {
    return new Refusal(
      `is the operator ${domain}:${op}, which is not one of ONNX`,
      'export the network with the operators of ONNX itself, before another tool optimises it',
    );
  }
  const remedy = remedies.find(([ops]) => ops.test(op))?.[1] ?? null;
  return new Refusal(`is the operator ${op}, which no layer of Selffer computes`, remedy);
}
