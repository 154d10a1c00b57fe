// The nodes and tensors of an ONNX file while it is written.
import { create } from '@bufbuild/protobuf';
import { type NodeProto, NodeProtoSchema, type TensorProto } from 'onnx-buf';
import {
  type AttributesOut,
  onnxAttribute,
  onnxFloats,
  onnxIntegers,
} from '../../../../tensor/onnx-parts.js';
import type { Shape } from '../../../../tensor/tensor.js';

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
    const attribute = Object.entries(attributes).map(([key, value]) => onnxAttribute(key, value));
    this.nodes.push(
      create(NodeProtoSchema, { opType: op, name, input: [...inputs], output: [name], attribute }),
    );
    return name;
  }

  /** Adds a tensor of float32 under a reserved name. @returns the name */
  weight(name: string, dims: Shape, data: Float32Array): string {
    this.initializers.push(onnxFloats(name, dims, data));
    return name;
  }

  /** Adds a tensor of float32 that is no weight. @returns its name */
  floats(wanted: string, dims: Shape, values: readonly number[]): string {
    return this.weight(this.#take(wanted), dims, Float32Array.from(values));
  }

  /** Adds a list of int64. @returns its name */
  integers(wanted: string, values: readonly number[]): string {
    const name = this.#take(wanted);
    this.initializers.push(onnxIntegers(name, values));
    return name;
  }

  #take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
