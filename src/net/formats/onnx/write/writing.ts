// One layer on its way to the nodes of an ONNX file.
import { assert } from '../../../../base/errors.js';
import type { LayerBase } from '../../../layers/rule.js';
import type { LayerKind, LayerMap } from '../../../layers/table.js';
import type { Shape } from '../../../../tensor/tensor.js';
import type { AttributesOut } from '../../../../tensor/onnx-parts.js';
import type { GraphOut } from './graph-out.js';

/** A value of the graph with its sizes for one image. */
export interface ValueOut {
  readonly name: string;
  readonly shape: Shape;
}

/** Numbers of a blob. */
export interface BlobOut {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A layer with all that its nodes are made of. */
export interface LayerOut<L extends LayerBase> {
  readonly layer: L;
  readonly inputs: readonly ValueOut[];
  /** Sizes of its output for one image, rows first. */
  readonly shape: Shape;
  /** By the blob's name: "weight". */
  readonly blobs: ReadonlyMap<string, BlobOut>;
}

/** What a writer has at hand. */
export class Writing<L extends LayerBase> {
  readonly layer: L;
  readonly inputs: readonly ValueOut[];
  readonly shape: Shape;
  readonly #blobs: ReadonlyMap<string, BlobOut>;
  readonly #graph: GraphOut;

  constructor(graph: GraphOut, { layer, inputs, shape, blobs }: LayerOut<L>) {
    this.#graph = graph;
    this.layer = layer;
    this.inputs = inputs;
    this.shape = shape;
    this.#blobs = blobs;
  }

  /** The first input, which most layers have alone. */
  get x(): ValueOut {
    return this.inputs[0] as ValueOut;
  }

  /** A node on the way. @returns the value it gives */
  step(op: string, inputs: readonly string[], attributes: AttributesOut = {}): string {
    return this.#graph.add({ op, name: `${this.layer.name}/${op}`, inputs, attributes });
  }

  /** The node that bears the layer's name. @returns the value it gives */
  last(op: string, inputs: readonly string[], attributes: AttributesOut = {}): string {
    return this.#graph.add({ op, name: this.layer.name, inputs, attributes });
  }

  /** A blob as a tensor of the file, "<layer>.<blob>".
   *  @param dims its sizes there, of as many numbers; default its own
   *  @param data its numbers there, if they lie in another order */
  blob(name: string, dims?: Shape, data?: Float32Array): string {
    const found = this.numbers(name);
    return this.#graph.weight(
      `${this.layer.name}.${name}`,
      dims ?? found.shape,
      data ?? found.data,
    );
  }

  /** A blob's numbers. */
  numbers(name: string): BlobOut {
    const blob = this.#blobs.get(name);
    assert(blob !== undefined, `layer ${this.layer.name} has no blob ${name}`);
    return blob;
  }

  /** A single number as a tensor. */
  scalar(name: string, value: number): string {
    return this.#graph.floats(`${this.layer.name}/${name}`, [], [value]);
  }

  /** As many times the same number, where ONNX wants a tensor that the layer has not. */
  repeated(name: string, value: number, count: number): string {
    const values = new Array<number>(count).fill(value);
    return this.#graph.floats(`${this.layer.name}/${name}`, [count], values);
  }

  /** A list of whole numbers as a tensor. */
  integers(name: string, values: readonly number[]): string {
    return this.#graph.integers(`${this.layer.name}/${name}`, values);
  }
}

/** Writes the nodes of a layer. @returns the value that is its output */
export type LayerWriter<L extends LayerBase> = (at: Writing<L>) => string;

/** A writer for each kind of layer. */
export type LayerWriters = { readonly [K in LayerKind]: LayerWriter<LayerMap[K]> };
