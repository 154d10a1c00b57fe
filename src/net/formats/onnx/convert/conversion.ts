// One node on its way to layers.
import type { Shape } from '../../../../tensor/tensor.js';
import type { Constant } from '../constant.js';
import type { Reading } from '../reading.js';
import type { LayerBuilder, NewLayer } from './layer-builder.js';

/** A node, and the layers that there are so far. */
export class Conversion {
  readonly reading: Reading;
  readonly builder: LayerBuilder;

  constructor(reading: Reading, builder: LayerBuilder) {
    this.reading = reading;
    this.builder = builder;
  }

  /** The layer that gives an input. */
  layer(index: number): string {
    return this.builder.layerOf(this.reading.input(index));
  }

  dims(index: number): Shape {
    return this.reading.dims(index);
  }

  /** Sizes of the node's first output, which folding has found. */
  get outputDims(): Shape {
    return this.reading.outputDims(0);
  }

  /** The layer that gives the node's first output so far. */
  get given(): string {
    return this.builder.layerOf(this.reading.node.outputs[0] ?? '');
  }

  constant(index: number): Constant | null {
    return this.reading.constant(index);
  }

  /** Adds a layer that gives the node's first output. */
  make(layer: NewLayer): void {
    this.give(this.add(layer));
  }

  /** Adds a layer on the way. */
  add(layer: NewLayer): string {
    return this.builder.add(this.reading.node, layer);
  }

  /** Says which layer gives an output of the node. */
  give(layer: string, output = 0): void {
    this.builder.give(this.reading.node.outputs[output] ?? '', layer);
  }

  reshaped(layer: string, dims: Shape): string {
    return this.builder.reshaped(this.reading.node, layer, dims);
  }

  transposed(layer: string, order: readonly number[]): string {
    return this.builder.transposed(this.reading.node, layer, order);
  }

  /** What `work` makes of a layer with the rows of an image as an axis of their own, the second:
   *  for everything that must not mix images but does mix rows. */
  onRows(layer: string, work: (apart: string, dims: Shape) => string): string {
    const apart = this.reshaped(layer, [1, ...this.builder.dims(layer)]);
    const done = work(apart, this.builder.dims(apart));
    return this.reshaped(done, this.builder.dims(done).slice(1));
  }
}

/** Makes the layers of a node. @throws Refusal if no layer computes what it does */
export type Converter = (conversion: Conversion) => void;
