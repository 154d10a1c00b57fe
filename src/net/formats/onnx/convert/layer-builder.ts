// The layers that a graph becomes. A value with the sizes [r, ...] for one image is the output
// [N * r, ...] of a layer: images and rows share the first axis, so whatever leaves that axis alone
// is the same for any number of images.
import { elementCount, sameShape, type Shape } from '../../../../tensor/tensor.js';
import { type Constant, computed } from '../constant.js';
import type { Node } from '../graph.js';
import { LayerNames, modulePath } from '../names.js';
import { Refusal } from '../refusal.js';
import type { Layer } from '../../../layers/table.js';
import type { Fields } from './draft.js';

/** What a new layer is made of. */
export interface NewLayer {
  readonly fields: Fields;
  readonly inputs: readonly string[];
  /** Sizes of its output for one image. */
  readonly dims: Shape;
  readonly blobs?: Readonly<Record<string, Constant | null>>;
  /** Its name, if the file has one for it. */
  readonly name?: string | null;
}

// Kinds that are rarely a module of their own: their names say what they do in one.
const namedByModule =
  /^(convolution|inner-product|.*-norm|relu|activation|.*-pool|dropout|lrn|prelu|softmax)$/;

/** Collects layers, and the values of the graph that they give. */
export class LayerBuilder {
  readonly weights = new Map<string, Constant>();
  readonly #layers = new Map<string, Layer>();
  readonly #dims = new Map<string, Shape>([]);
  readonly #places = new Map<string, string>();
  /** Reshapes that there are, by what they read and its new sizes. */
  readonly #views = new Map<string, string>();
  readonly #names = new LayerNames();
  readonly #readers: (value: string) => number;

  /** @param readers how many nodes read a value */
  constructor(input: string, dims: Shape, readers: (value: string) => number) {
    this.#places.set(input, 'data');
    this.#dims.set('data', dims);
    this.#readers = readers;
  }

  /** All layers, in order. */
  get layers(): readonly Layer[] {
    return [...this.#layers.values()];
  }

  /** The layer that gives a value of the graph. @throws Refusal if none does */
  layerOf(value: string): string {
    const layer = this.#places.get(value);
    if (layer === undefined) throw new Refusal(`reads "${value}", which no layer gives`);
    return layer;
  }

  /** Says that a layer gives a value. */
  give(value: string, layer: string): void {
    this.#places.set(value, layer);
  }

  dims(layer: string): Shape {
    return this.#dims.get(layer) ?? [];
  }

  /** The layer of that name; undefined for the network's input. */
  layer(name: string): Layer | undefined {
    return this.#layers.get(name);
  }

  /** The layer that gives a value, if only one node reads it, so that it may be changed for that
   *  one. */
  own(value: string): Layer | undefined {
    return this.#readers(value) === 1 ? this.layer(this.#places.get(value) ?? '') : undefined;
  }

  /** Adds a layer for a node. */
  add(node: Node, { fields, inputs, dims, blobs = {}, name = null }: NewLayer): string {
    const taken = this.#names.take(name ?? nameFor(node, fields.kind));
    this.#layers.set(taken, { ...fields, name: taken, inputs } as Layer);
    this.#dims.set(taken, dims);
    this.setBlobs(taken, blobs);
    return taken;
  }

  /** Changes fields of a layer, and its blobs with them. */
  change(
    name: string,
    fields: Readonly<Record<string, unknown>>,
    blobs: Readonly<Record<string, Constant | null>> = {},
    dims: Shape = this.dims(name),
  ): void {
    this.#layers.set(name, { ...this.#layers.get(name), ...fields } as Layer);
    this.#dims.set(name, dims);
    this.setBlobs(name, blobs);
  }

  setBlobs(layer: string, blobs: Readonly<Record<string, Constant | null>>): void {
    for (const [blob, constant] of Object.entries(blobs)) {
      if (constant !== null) this.weights.set(`${layer}.${blob}`, constant);
    }
  }

  /** The same numbers in other sizes: a layer that has them, or a new one. */
  reshaped(node: Node, from: string, dims: Shape): string {
    if (sameShape(this.dims(from), dims)) return from;
    if (elementCount(this.dims(from)) !== elementCount(dims)) {
      throw new Refusal(`makes [${dims.join(',')}] of [${this.dims(from).join(',')}]`);
    }
    const layer = this.layer(from);
    const source = layer?.kind === 'reshape' ? (layer.inputs[0] as string) : from;
    if (sameShape(this.dims(source), dims)) return source;
    const key = `${source}:${dims.join()}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const made = this.add(node, {
      fields: { kind: 'reshape', shape: dims },
      inputs: [source],
      dims,
    });
    this.#views.set(key, made);
    return made;
  }

  /** The axes in another order: axis i of the result is axis `order[i]` of `from`. */
  transposed(node: Node, from: string, order: readonly number[]): string {
    const dims = this.dims(from);
    const moved = order.map((axis) => dims[axis] as number);
    const long = order.filter((axis) => dims[axis] !== 1);
    if (long.every((axis, index) => index === 0 || axis > (long[index - 1] as number))) {
      return this.reshaped(node, from, moved);
    }
    const layer = this.layer(from);
    if (order[0] === 0) {
      if (layer?.kind !== 'transpose') return this.#transpose(node, from, order);
      const axes = order.map((axis) => layer.axes[axis] as number);
      return this.transposed(node, layer.inputs[0] as string, axes);
    }
    // Rows of images are taken apart, moved, and put together again.
    const apart = this.reshaped(node, from, [
      1,
      ...long.toSorted((a, b) => a - b).map((axis) => dims[axis] as number),
    ]);
    const places = long.toSorted((a, b) => a - b);
    const axes = [0, ...long.map((axis) => places.indexOf(axis) + 1)];
    return this.reshaped(node, this.#transpose(node, apart, axes), moved);
  }

  #transpose(node: Node, from: string, axes: readonly number[]): string {
    const dims = axes.map((axis) => this.dims(from)[axis] as number);
    return this.add(node, { fields: { kind: 'transpose', axes }, inputs: [from], dims });
  }
}

function nameFor(node: Node, kind: string): string {
  const path = modulePath(node);
  if (path === '') return namedByModule.test(kind) && node.name !== '' ? node.name : kind;
  return namedByModule.test(kind) ? path : `${path}.${kind}`;
}

/** The same numbers in another shape. */
export function viewed(constant: Constant, dims: Shape): Constant {
  return computed(constant.kind, dims, constant.numbers, constant.stored);
}
