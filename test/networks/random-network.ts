// Random networks with branches, of all kinds of layers that there are.
import { fillUint32, streamKey } from '../../src/base/random-stream.js';
import { activationDefaults } from '../../src/program/ops/activation.js';
import type { ActivationFunction } from '../../src/program/ops/params.js';
import type { Layer, LayerKind } from '../../src/net/layers/table.js';
import type { Network } from '../../src/net/network.js';
import { elementCount, sameShape, type Shape } from '../../src/tensor/tensor.js';
import { squareSliding, squareWindow } from '../../src/tensor/window.js';
import { bias, even, scale, small, weight } from './blobs.js';

/** Elements for an image above which a tensor is not computed. */
const LARGEST = 700;

/** A tensor of the network: its layer, and its shape for one image. */
interface Tensor {
  readonly name: string;
  readonly shape: Shape;
}

/** What a layer is without its name. */
type Unnamed = Layer extends infer L ? (L extends Layer ? Omit<L, 'name'> : never) : never;

/** A network while it grows. */
class Growing {
  readonly layers: Layer[] = [];
  readonly tensors: Tensor[] = [];
  readonly #words = new Uint32Array(4096);
  #drawn = 0;

  constructor(seed: number) {
    fillUint32(this.#words, streamKey(['random network', seed]), 0);
  }

  /** An integer from 0 to below - 1. */
  draw(below: number): number {
    return (this.#words[this.#drawn++ % this.#words.length] as number) % below;
  }

  /** One of several. */
  pick<T>(all: readonly T[]): T {
    return all[this.draw(all.length)] as T;
  }

  /** Adds a layer, whose output has `shape` for an image. */
  add(layer: Unnamed, shape: Shape): Tensor {
    const tensor = { name: `${layer.kind}${this.layers.length}`, shape };
    this.layers.push({ ...layer, name: tensor.name } as Layer);
    this.tensors.push(tensor);
    return tensor;
  }

  /** Tensors that no layer reads. */
  unread(): readonly Tensor[] {
    const read = new Set(this.layers.flatMap(({ inputs }) => inputs));
    return this.tensors.filter(({ name }) => !read.has(name));
  }
}

/** Adds layers that read x, of which one is of the kind; false if the kind cannot read such a
 *  tensor. */
type Grow = (net: Growing, x: Tensor) => boolean;

/** A layer that keeps its input's shape. */
const alike =
  (fits: (shape: Shape) => boolean, make: (net: Growing, shape: Shape) => object): Grow =>
  (net, { name, shape }) => {
    if (!fits(shape)) return false;
    net.add({ ...make(net, shape), inputs: [name] } as unknown as Unnamed, shape);
    return true;
  };

const anything = (): boolean => true;
const isImage = (shape: Shape): boolean => shape.length === 3;

/** A second operand that is broadcast to x or x to it, and their common shape. */
function partner(net: Growing, { shape }: Tensor): readonly [Tensor, Shape] {
  const fitting = net.tensors.filter(
    (other) =>
      other.shape.length === shape.length &&
      other.shape.every((size, at) => size === shape[at] || size === 1 || shape[at] === 1),
  );
  const other = net.pick(fitting);
  return [other, shape.map((size, at) => Math.max(size, other.shape[at] as number))];
}

const combined =
  (kind: 'add' | 'multiply'): Grow =>
  (net, x) => {
    const [other, shape] = partner(net, x);
    if (elementCount(shape) > LARGEST) return false;
    net.add(
      {
        kind,
        inputs: net
          .pick([
            [x, other],
            [other, x],
          ])
          .map(({ name }) => name),
      },
      shape,
    );
    return true;
  };

const growers: { readonly [K in LayerKind]: Grow } = {
  convolution: (net, { name, shape }) => {
    const [channels, height, width] = shape as [number, number, number];
    if (!isImage(shape)) return false;
    const groups = net.pick([1, 1, channels]);
    const outputs = groups === 1 ? net.pick([5, 16]) : channels;
    const [size, stride] = [net.pick([1, 3]), net.pick([1, 1, 2])];
    const sides = [height, width].map((side) => Math.floor((side - 1) / stride) + 1);
    net.add(
      {
        ...{ kind: 'convolution', inputs: [name], outputs, groups, kernel: [size, size], weight },
        ...squareSliding({ stride, pad: (size - 1) / 2 }),
        bias: net.pick([bias, null]),
      },
      [outputs, ...sides],
    );
    return elementCount([outputs, ...sides]) <= LARGEST;
  },
  'inner-product': (net, { name, shape }) => {
    if (shape.length < 2) return false;
    const outputs = net.pick([4, 7, 16]);
    const layer = { kind: 'inner-product', inputs: [name], over: 'last', weight: even } as const;
    net.add({ ...layer, outputs, bias: net.pick([bias, null]) }, shape.with(-1, outputs));
    return true;
  },
  relu: alike(anything, () => ({ kind: 'relu' })),
  dropout: alike(anything, () => ({ kind: 'dropout', ratio: 0.3 })),
  lrn: alike(isImage, () => ({ kind: 'lrn', size: 3, alpha: 0.1, beta: 0.75, k: 1 })),
  'max-pool': (net, { name, shape }) => {
    const [channels, height, width] = shape as [number, number, number];
    if (!isImage(shape) || Math.min(height, width) < 3) return false;
    const sides = [height, width].map((side) => Math.ceil((side - 3) / 2) + 1);
    const window = squareWindow(3, 'ceil', { stride: 2 });
    net.add({ kind: 'max-pool', inputs: [name], ...window }, [channels, ...sides]);
    return true;
  },
  'average-pool': (net, { name, shape }) => {
    const [channels, height, width] = shape as [number, number, number];
    if (!isImage(shape) || Math.min(height, width) < 2) return false;
    const stride = net.pick([1, 2]);
    const window = squareWindow(3, net.pick(['ceil', 'floor']), { stride, pad: 1 });
    const round = Math[window.rounding];
    const sides = [height, width].map((side) => round((side - 1) / stride) + 1);
    const includePad = net.pick([true, false]);
    net.add({ kind: 'average-pool', inputs: [name], ...window, includePad }, [channels, ...sides]);
    return true;
  },
  mean: (net, { name, shape }) => {
    const axes = net.pick([shape.map((_, axis) => axis + 1).slice(1), [1], [shape.length]]);
    if (axes.length === 0) return false;
    const keepDims = net.pick([true, true, shape.length === axes.length]);
    const sizes = shape.map((size, axis) => (axes.includes(axis + 1) ? 1 : size));
    const left = keepDims ? sizes : shape.filter((_, axis) => !axes.includes(axis + 1));
    if (left.length === 0) return false;
    net.add({ kind: 'mean', inputs: [name], axes, keepDims }, left);
    return true;
  },
  'batch-norm': alike(anything, (net) => ({
    ...{ kind: 'batch-norm', epsilon: 0.01, momentum: 0.1 },
    ...{ scale: net.pick([scale, null]), shift: net.pick([bias, null]) },
  })),
  activation: alike(anything, (net) => {
    const f = net.pick(Object.keys(activationDefaults) as ActivationFunction[]);
    const numbers = f === 'clip' ? { alpha: -0.5, beta: 1 } : f === 'linear' ? { alpha: -1.5 } : {};
    return { kind: 'activation', function: f, ...numbers };
  }),
  prelu: alike(anything, (net) => ({
    ...{ kind: 'prelu', weight: small, shared: net.pick([true, false]) },
  })),
  add: combined('add'),
  multiply: combined('multiply'),
  affine: alike(anything, (net, shape) => ({
    ...{ kind: 'affine', shape: shape.map((size) => net.pick([size, 1])) },
    ...net.pick([
      { weight: scale, bias },
      { weight: null, bias },
      { weight: scale, bias: null },
    ]),
  })),
  parameter: (net, x) => {
    const token = net.add({ kind: 'parameter', inputs: [], shape: x.shape, value: small }, x.shape);
    net.add({ kind: 'add', inputs: [x.name, token.name] }, x.shape);
    return true;
  },
  broadcast: (net, x) => {
    const [size = 1, ...rest] = x.shape;
    if (2 * elementCount(x.shape) > LARGEST) return false;
    const token = net.add({ kind: 'parameter', inputs: [], shape: [1, ...rest], value: small }, [
      1,
      ...rest,
    ]);
    const rows = net.add(
      { kind: 'broadcast', inputs: [token.name, x.name], batch: true },
      token.shape,
    );
    net.add({ kind: 'concat', inputs: [rows.name, x.name], axis: 1 }, [size + 1, ...rest]);
    return true;
  },
  concat: (net, x) => {
    const axis = net.draw(x.shape.length);
    const others = ({ shape }: Tensor): Shape => shape.toSpliced(axis, 1);
    const fitting = net.tensors.filter(
      (other) => other.shape.length === x.shape.length && sameShape(others(other), others(x)),
    );
    const parts = [x, net.pick(fitting), ...net.pick([[], [net.pick(fitting)]])];
    const shape = x.shape.with(
      axis,
      parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0),
    );
    if (elementCount(shape) > LARGEST) return false;
    net.add({ kind: 'concat', inputs: parts.map(({ name }) => name), axis: axis + 1 }, shape);
    return true;
  },
  slice: (net, { name, shape }) => {
    const axis = net.draw(shape.length);
    const size = shape[axis] as number;
    if (size < 2) return false;
    const start = net.draw(size - 1);
    const end = start + 1 + net.draw(size - start);
    const step = net.pick([1, 1, 2]);
    const left = Math.ceil((end - start) / step);
    net.add(
      { kind: 'slice', inputs: [name], axis: axis + 1, start, end, step },
      shape.with(axis, left),
    );
    return true;
  },
  pad: (net, { name, shape }) => {
    const pads = [...shape, ...shape].map(() => net.draw(2));
    const padded = shape.map(
      (size, axis) => size + (pads[axis] as number) + (pads[shape.length + axis] as number),
    );
    if (elementCount(padded) > LARGEST) return false;
    const all = [0, ...pads.slice(0, shape.length), 0, ...pads.slice(shape.length)];
    net.add({ kind: 'pad', inputs: [name], pads: all, value: net.pick([0, 0.5]) }, padded);
    return true;
  },
  reshape: (net, { name, shape }) => {
    const count = elementCount(shape);
    const shapes = [
      [count],
      [...shape.slice(0, -2), elementCount(shape.slice(-2))],
      ...(count % 2 === 0 ? [[2, count / 2]] : []),
      ...(count % 4 === 0 ? [[count / 4, 2, 2]] : []),
    ];
    const to = net.pick(shapes);
    net.add({ kind: 'reshape', inputs: [name], shape: [1, ...to] }, to);
    return true;
  },
  transpose: (net, { name, shape }) => {
    const axes = shape.map((_, axis) => axis);
    const turned = net.pick([axes.toReversed(), [...axes.slice(1), 0]]);
    net.add(
      { kind: 'transpose', inputs: [name], axes: [0, ...turned.map((axis) => axis + 1)] },
      turned.map((axis) => shape[axis] as number),
    );
    return true;
  },
  // Attention to itself.
  matmul: (net, { name, shape }) => {
    if (shape.length < 2 || shape.length > 3) return false;
    const [rows, columns] = shape.slice(-2) as [number, number];
    const outer = shape.slice(0, -2);
    if (elementCount(outer) * rows * rows > LARGEST) return false;
    const square = net.add({ kind: 'matmul', inputs: [name, name], transposeB: true }, [
      ...outer,
      rows,
      rows,
    ]);
    const alpha = 1 / columns;
    const scaled = net.add(
      { kind: 'activation', inputs: [square.name], function: 'linear', alpha },
      square.shape,
    );
    net.add({ kind: 'matmul', inputs: [scaled.name, name] }, shape);
    return true;
  },
  softmax: alike(anything, (_, shape) => ({ kind: 'softmax', axis: shape.length })),
  'layer-norm': alike(anything, (net, shape) => ({
    ...{ kind: 'layer-norm', axes: 1 + net.draw(shape.length), epsilon: 0.01 },
    ...{ scale: net.pick([scale, null]), shift: net.pick([bias, null]) },
  })),
  'group-norm': alike(anything, (net, [channels = 1]) => ({
    ...{ kind: 'group-norm', groups: channels % 2 === 0 ? 2 : 1, epsilon: 0.01 },
    ...{ scale: net.pick([scale, null]), shift: net.pick([bias, null]) },
  })),
};

/** Kinds of layers of which random networks are made. */
export const randomKinds = Object.keys(growers) as readonly LayerKind[];

/** The network of a seed over images [3,7,6]: a convolution, `count` further layers on recent
 *  tensors, and a sum of classifiers over everything that nobody reads. Every kind of layer comes
 *  in turn, so that a few seeds have them all. */
export function randomNetwork(seed: number, count: number): Network {
  const net = new Growing(seed);
  net.add(
    {
      ...{ kind: 'convolution', inputs: ['data'], outputs: 6, groups: 1, kernel: [3, 3], weight },
      ...{ ...squareSliding({ pad: 1 }), bias },
    },
    [6, 7, 6],
  );
  for (let at = 0; at < count; at++) {
    const kind = randomKinds[(seed * count + at * 5) % randomKinds.length] as LayerKind;
    for (let tries = 0; tries < 8; tries++) {
      const recent = net.tensors.filter(({ name }) => !name.startsWith('parameter')).slice(-5);
      if (growers[kind](net, net.pick(recent))) break;
    }
  }
  const heads = net
    .unread()
    .map(({ name }) =>
      net.add(
        { kind: 'inner-product', inputs: [name], outputs: 'classes', weight: even, bias },
        [1],
      ),
    );
  const output =
    heads.length === 1
      ? (heads[0] as Tensor)
      : net.add({ kind: 'add', inputs: heads.map(({ name }) => name) }, [1]);
  return {
    name: `random ${seed}`,
    input: { channels: 3, height: 7, width: 6, scale: [1], mean: 'image' },
    layers: net.layers,
    output: output.name,
  };
}
