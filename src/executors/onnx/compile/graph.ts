// An ONNX graph while it is built. It is hash-consing, as programs are: asking for the same
// operator on the same inputs gives the same value, so that a backward op may write down anew what
// the forward op computed. What nothing reads is left out at the end.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as Type,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import {
  type AttributesOut,
  onnxAttribute,
  onnxFloats,
  onnxIntegers,
} from '../../../tensor/onnx-parts.js';
import type { DType, Shape, TensorType } from '../../../tensor/tensor.js';

/** Name of a value of the graph. */
export type Name = string;

interface NodeOut {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly Name[];
  readonly outputs: readonly Name[];
  readonly attributes: AttributesOut;
}

/** What is between a node's kind and its number in its name, by which profiles know it. */
export const KIND_END = ' #';

/** Element types of ONNX by ours. */
const elementTypes: { readonly [D in DType]: Type } = {
  f32: Type.FLOAT,
  i32: Type.INT32,
  u8: Type.UINT8,
};

/** Element types that values are cast to. */
const castTypes = { f32: Type.FLOAT, i32: Type.INT32, i64: Type.INT64 } as const;

/** Operators of onnxruntime beside ONNX's own, by what their names begin with here. */
const DOMAINS = ['com.microsoft.nchwc'] as const;

/** Collects operators, constants and inputs. */
export class Graph {
  /** Kind of the nodes that are added now: the op that they are made for. */
  kind = '';
  readonly #inputs = new Map<Name, TensorType>();
  readonly #constants = new Map<Name, TensorProto>();
  readonly #nodes: NodeOut[] = [];
  readonly #known = new Map<string, NodeOut>();

  /** An input of the graph; asked for again, the same. */
  input(name: Name, type: TensorType): Name {
    this.#inputs.set(name, type);
    return name;
  }

  /** An operator of one output. @param op its name, behind its domain and a point if that is not
   *  ONNX's */
  apply(op: string, inputs: readonly Name[], attributes: AttributesOut = {}): Name {
    return this.applyAll(op, inputs, attributes, 1)[0] as Name;
  }

  /** An operator with its first `count` outputs. */
  applyAll(
    op: string,
    inputs: readonly Name[],
    attributes: AttributesOut,
    count: number,
  ): readonly Name[] {
    const key = JSON.stringify([op, inputs, attributes, count]);
    let node = this.#known.get(key);
    if (node === undefined) {
      const id = this.#nodes.length;
      const outputs = Array.from({ length: count }, (_, at) => `${op}${id}.${at}`);
      node = { op, name: `${this.kind}${KIND_END}${id}`, inputs, outputs, attributes };
      this.#nodes.push(node);
      this.#known.set(key, node);
    }
    return node.outputs;
  }

  /** A constant of float32. */
  floats(values: readonly number[], shape: Shape = [values.length]): Name {
    return this.#constant(`f32 ${shape.join()}: ${values.join()}`, (name) =>
      onnxFloats(name, shape, Float32Array.from(values)),
    );
  }

  /** A float32 scalar. */
  float(value: number): Name {
    return this.floats([value], []);
  }

  /** A constant list of int64, in another shape if there is one. */
  integers(values: readonly number[], shape: Shape = [values.length]): Name {
    return this.#constant(`i64 ${shape.join()}: ${values.join()}`, (name) =>
      onnxIntegers(name, values, shape),
    );
  }

  #constant(content: string, make: (name: Name) => TensorProto): Name {
    let constant = this.#constants.get(content);
    if (constant === undefined) {
      constant = make(`constant${this.#constants.size}`);
      this.#constants.set(content, constant);
    }
    return constant.name;
  }

  /** a + b, broadcast as ONNX does; so are the next three. */
  add(a: Name, b: Name): Name {
    return this.apply('Add', [a, b]);
  }

  /** a - b. */
  sub(a: Name, b: Name): Name {
    return this.apply('Sub', [a, b]);
  }

  /** a b. */
  mul(a: Name, b: Name): Name {
    return this.apply('Mul', [a, b]);
  }

  /** a / b. */
  div(a: Name, b: Name): Name {
    return this.apply('Div', [a, b]);
  }

  /** Another element type. */
  cast(value: Name, to: keyof typeof castTypes): Name {
    return this.apply('Cast', [value], { to: { int: castTypes[to] } });
  }

  /** The same elements in another shape. */
  reshape(value: Name, shape: Shape): Name {
    return this.apply('Reshape', [value, this.integers(shape)]);
  }

  /** Axes in another order. */
  transpose(value: Name, axes: readonly number[]): Name {
    return this.apply('Transpose', [value], { perm: { ints: axes } });
  }

  /** Elements repeated along axes of size 1. */
  expand(value: Name, shape: Shape): Name {
    return this.apply('Expand', [value, this.integers(shape)]);
  }

  /** A reduction over some axes, which stay with size 1. */
  reduce(
    op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare',
    value: Name,
    axes: readonly number[],
  ): Name {
    return this.apply(op, [value, this.integers(axes)], { keepdims: { int: 1 } });
  }

  /** `yes` where the condition holds, else `no`. */
  where(condition: Name, yes: Name, no: Name): Name {
    return this.apply('Where', [condition, yes, no]);
  }

  /** The model that gives `wanted`, without what it does not need.
   *  @returns its bytes, the inputs that it reads, and the outputs' names in the order asked for:
   *  a value that an input or a constant is, comes through a copy */
  finish(wanted: readonly { readonly value: Name; readonly type: TensorType }[]): FinishedGraph {
    const made = new Set(this.#nodes.flatMap(({ outputs }) => outputs));
    const outputs = wanted.map(({ value, type }) => {
      const name = made.has(value) ? value : this.apply('Identity', [value]);
      return { name, type };
    });
    const nodes = this.#needed(outputs.map(({ name }) => name));
    const read = new Set(nodes.flatMap(({ inputs }) => inputs));
    const inputs = [...this.#inputs].filter(([name]) => read.has(name));
    const unique = new Map(outputs.map(({ name, type }) => [name, type]));
    const graph = create(GraphProtoSchema, {
      name: 'program',
      node: nodes.map(({ op, name, inputs: input, outputs: output, attributes }) => {
        const attribute = Object.entries(attributes).map(([key, each]) => onnxAttribute(key, each));
        const { domain, type } = domainOf(op);
        return create(NodeProtoSchema, {
          ...{ opType: type, domain, name, attribute },
          ...{ input: [...input], output: [...output] },
        });
      }),
      initializer: [...this.#constants.values()].filter(({ name }) => read.has(name)),
      input: inputs.map(([name, type]) => valueInfo(name, type)),
      output: [...unique].map(([name, type]) => valueInfo(name, type)),
    });
    return {
      bytes: toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          irVersion: 10n,
          opsetImport: [
            { domain: '', version: 20n },
            ...DOMAINS.filter((each) => nodes.some(({ op }) => domainOf(op).domain === each)).map(
              (domain) => ({ domain, version: 1n }),
            ),
          ],
          graph,
        }),
      ),
      inputs: new Map(inputs),
      outputs: outputs.map(({ name }) => name),
    };
  }

  // Nodes stand after what they read: one sweep from the last to the first is enough.
  #needed(outputs: readonly Name[]): readonly NodeOut[] {
    const needed = new Set(outputs);
    const kept: NodeOut[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      node.inputs.forEach((input) => needed.add(input));
      kept.push(node);
    }
    return kept.reverse();
  }
}

function domainOf(op: string): { readonly domain: string; readonly type: string } {
  const domain = DOMAINS.find((each) => op.startsWith(`${each}.`));
  return domain === undefined
    ? { domain: '', type: op }
    : { domain, type: op.slice(domain.length + 1) };
}

/** A graph as onnxruntime takes it. */
export interface FinishedGraph {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlyMap<Name, TensorType>;
  readonly outputs: readonly Name[];
}

function valueInfo(name: Name, { dtype, shape }: TensorType): ValueInfoProto {
  const dim = shape.map((size) => ({
    value: { case: 'dimValue' as const, value: BigInt(size) },
  }));
  const value = { elemType: elementTypes[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}
