// The nodes and tensors of an ONNX file while it is written.
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType as Type,
  TensorProtoSchema,
} from 'onnx-buf';
import type { Shape } from '../../../../tensor/tensor.js';

/** A value of an attribute, with its type: 1 may be a whole number or not. */
export type AttributeOut =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

/** Attributes by name. */
export type AttributesOut = Readonly<Record<string, AttributeOut>>;

/** A node before it has its unique name. */
export interface NodeOut {
  readonly op: string;
  /** Of the node and of the value that it gives, unless somebody else has it. */
  readonly name: string;
  /** Values that it reads; "" for an optional one that is left out. */
  readonly inputs: readonly string[];
  readonly attributes?: AttributesOut;
}

/** Collects nodes and tensors; every name is given once. */
export class GraphOut {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #taken: Set<string>;

  /** @param reserved names that no node gets: of weights, and of the input */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  /** Adds a node. @returns the name of its one output */
  add({ op, name: wanted, inputs, attributes = {} }: NodeOut): string {
    const name = this.#take(wanted);
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.nodes.push(
      create(NodeProtoSchema, { opType: op, name, input: [...inputs], output: [name], attribute }),
    );
    return name;
  }

  /** Adds a tensor of float32 under a reserved name. @returns the name */
  weight(name: string, dims: Shape, data: Float32Array): string {
    this.#tensor(name, dims, Type.FLOAT, new Uint8Array(Float32Array.from(data).buffer));
    return name;
  }

  /** Adds a tensor of float32 that is no weight. @returns its name */
  floats(wanted: string, dims: Shape, values: readonly number[]): string {
    return this.weight(this.#take(wanted), dims, Float32Array.from(values));
  }

  /** Adds a list of int64. @returns its name */
  integers(wanted: string, values: readonly number[]): string {
    const name = this.#take(wanted);
    const { buffer } = new BigInt64Array(values.map(BigInt));
    this.#tensor(name, [values.length], Type.INT64, new Uint8Array(buffer));
    return name;
  }

  #tensor(name: string, dims: Shape, dataType: Type, rawData: Uint8Array<ArrayBuffer>): void {
    this.initializers.push(
      create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData }),
    );
  }

  #take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}

function attributeOf(name: string, value: AttributeOut): AttributeProto {
  if ('int' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  if ('ints' in value) {
    const ints = value.ints.map(BigInt);
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
  }
  const s = Uint8Array.from(Buffer.from(value.text));
  return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
}
