// The graph of an ONNX file as plain data: nodes, constants, the input and the output.
import type { NodeProto, AttributeProto, GraphProto, ModelProto } from 'onnx-buf';
import { AttributeProto_AttributeType as AttributeType } from 'onnx-buf';
import type { Shape } from '../../../tensor/tensor.js';
import type { Constant } from './constant.js';
import type { TensorFiles } from './stored-tensor.js';

/** A value of an attribute; null for graphs and other things that no classifier needs. */
export type Attribute = number | string | readonly number[] | Constant | null;

/** One node. */
export interface Node {
  readonly op: string;
  /** "" is ONNX itself. */
  readonly domain: string;
  readonly name: string;
  /** Names of the values it reads; "" where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Names of the modules that the node is in, outermost first, as the exporter wrote them. */
  readonly scopes: readonly string[];
}

/** What a file says of an input: null for sizes that it leaves open. */
export interface GraphInput {
  readonly name: string;
  readonly dims: readonly (number | null)[];
}

/** A graph with the constants of its file. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  /** Version of ONNX's own operators. */
  readonly opset: number;
}

/** What is known of the values of a graph. */
export interface Known {
  /** Sizes of a value for one image; undefined if not known. */
  readonly dims: (value: string) => Shape | undefined;
  readonly constant: (value: string) => Constant | undefined;
}

/** A decoded file as a graph. `Constant` nodes become constants. */
export function graphOf(model: ModelProto, opset: number, files: TensorFiles): Graph {
  const graph = model.graph as GraphProto;
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer) constants.set(tensor.name, files.constant(tensor));
  const nodes: Node[] = [];
  for (const proto of graph.node) {
    const node = nodeOf(proto, files);
    const value = node.op === 'Constant' && node.domain === '' ? constantOf(node, files) : null;
    if (value === null) nodes.push(node);
    else constants.set(node.outputs[0] ?? '', value);
  }
  return {
    nodes,
    constants,
    inputs: graph.input
      .filter(({ name }) => !constants.has(name))
      .map(({ name, type }) => ({ name, dims: type === undefined ? [] : dimsOf(type.value) })),
    outputs: graph.output.map(({ name }) => name),
    opset,
  };
}

function dimsOf(
  type: NonNullable<GraphProto['input'][number]['type']>['value'],
): GraphInput['dims'] {
  if (type.case !== 'tensorType') return [];
  return (type.value.shape?.dim ?? []).map(({ value }) => {
    // Paddle writes -1 for what it leaves open.
    const size = value.case === 'dimValue' ? Number(value.value) : 0;
    return size > 0 ? size : null;
  });
}

function nodeOf(proto: NodeProto, files: TensorFiles): Node {
  return {
    op: proto.opType,
    domain: proto.domain === 'ai.onnx' ? '' : proto.domain,
    name: proto.name,
    inputs: proto.input,
    outputs: proto.output,
    attributes: new Map(
      proto.attribute.map((attribute) => [attribute.name, attributeOf(attribute, files)]),
    ),
    scopes: scopesOf(proto),
  };
}

const text = new TextDecoder();

function attributeOf(attribute: AttributeProto, files: TensorFiles): Attribute {
  switch (attribute.type) {
    case AttributeType.FLOAT:
      return attribute.f;
    case AttributeType.INT:
      return Number(attribute.i);
    case AttributeType.STRING:
      return text.decode(attribute.s);
    case AttributeType.FLOATS:
      return attribute.floats;
    case AttributeType.INTS:
      return attribute.ints.map(Number);
    case AttributeType.TENSOR:
      return attribute.t === undefined ? null : files.constant(attribute.t);
    default:
      return null;
  }
}

/** The value of a `Constant` node, in whichever of its ways it is written. */
function constantOf({ attributes, outputs }: Node, files: TensorFiles): Constant | null {
  const tensor = attributes.get('value') ?? null;
  if (typeof tensor === 'object' && tensor !== null && 'dims' in tensor) {
    return { ...tensor, stored: outputs[0] ?? null };
  }
  const [ints, floats] = [attributes.get('value_ints'), attributes.get('value_floats')];
  const [int, float] = [attributes.get('value_int'), attributes.get('value_float')];
  if (Array.isArray(ints)) return files.written('int', ints as number[]);
  if (Array.isArray(floats)) return files.written('f32', floats as number[]);
  if (typeof int === 'number') return files.written('int', int);
  if (typeof float === 'number') return files.written('f32', float);
  return null;
}

// PyTorch's new exporter writes the module names as a list of Python, the old one as a path in the
// node's name: "/layer1/layer1.1/relu_1/Relu".
function scopesOf({ name, metadataProps }: NodeProto): readonly string[] {
  const listed = metadataProps.find(({ key }) => key === 'pkg.torch.onnx.name_scopes')?.value;
  if (listed !== undefined) {
    const names = [...listed.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? '');
    return names.slice(0, -1).filter((each) => each !== '');
  }
  return name.startsWith('/') ? name.slice(1).split('/').slice(0, -1) : [];
}
