// Sums and products: of what depends on the images, and with constants.
import { sameShape, type Shape } from '../../../../tensor/tensor.js';
import type { LayerMap } from '../../../layers/table.js';
import { computed, type Constant, scalarOf } from '../constant.js';
import { ownerOf, parameterName } from '../names.js';
import { Refusal } from '../refusal.js';
import { embedding, fixed, scale, shift } from './blobs.js';
import type { Conversion, Converter } from './conversion.js';
import type { Fields } from './draft.js';
import { viewed } from './layer-builder.js';

const add: Converter = (at) => {
  const [left, right] = [at.constant(0), at.constant(1)];
  if (right !== null) plus(at, at.reading.input(0), right);
  else if (left !== null) plus(at, at.reading.input(1), left);
  else ofValues(at, { kind: 'add' });
};

const subtract: Converter = (at) => {
  const [left, right] = [at.constant(0), at.constant(1)];
  if (right !== null)
    plus(
      at,
      at.reading.input(0),
      mapped(right, (v) => -v),
    );
  else if (left !== null) {
    linear(at, at.layer(1), -1, 0);
    plus(at, at.reading.node.outputs[0] ?? '', left);
  } else ofValues(at, { kind: 'add', coefficients: [1, -1] });
};

const multiply: Converter = (at) => {
  const [left, right] = [at.constant(0), at.constant(1)];
  if (right !== null) timesConstant(at, 0, right);
  else if (left !== null) timesConstant(at, 1, left);
  else ofValues(at, { kind: 'multiply' });
};

const divide: Converter = (at) => {
  const right = at.constant(1);
  if (right === null) throw new Refusal('divides by what depends on the images');
  timesConstant(
    at,
    0,
    mapped(right, (v) => 1 / v),
  );
};

/** max(a, b) = a + max(b - a, 0). */
const maximum: Converter = (at) => {
  const dims = at.outputDims;
  const layers = at.reading.node.inputs.map((_, index) => at.layer(index));
  if (layers.some((layer) => !sameShape(at.builder.dims(layer), dims))) {
    throw new Refusal('takes the larger of values of different sizes');
  }
  const largest = layers.reduce((a, b) => {
    const fields = { kind: 'add', coefficients: [1, -1] } as const;
    const difference = at.add({ fields, inputs: [b, a], dims });
    const excess = at.add({ fields: { kind: 'relu' }, inputs: [difference], dims });
    return at.add({ fields: { kind: 'add' }, inputs: [a, excess], dims });
  });
  at.give(largest);
};

/** y = f(x_1, x_2, ...) by broadcasting. */
function ofValues(at: Conversion, fields: Fields): void {
  const dims = at.outputDims;
  const layers = at.reading.node.inputs.map((_, index) => {
    const layer = at.layer(index);
    const own = at.builder.dims(layer);
    return at.reshaped(layer, [...new Array(dims.length - own.length).fill(1), ...own]);
  });
  const rows = new Set(layers.map((layer) => at.builder.dims(layer)[0]));
  if (rows.size === 1) {
    at.make({ fields, inputs: layers, dims });
    return;
  }
  // One is the same for all rows of an image.
  const apart = layers.map((layer) => at.reshaped(layer, [1, ...at.builder.dims(layer)]));
  const made = at.add({ fields, inputs: apart, dims: [1, ...dims] });
  at.give(at.reshaped(made, dims));
}

/** x + c: a bias of the layer below, if it lacks one, or a layer of its own. */
function plus(at: Conversion, value: string, added: Constant): void {
  const layer = at.builder.layerOf(value);
  const number = scalarOf(added);
  if (number !== null) return linear(at, layer, 1, number);
  const below = at.builder.own(value);
  const bias = below === undefined ? null : biasOf(below.kind, at.builder.dims(layer), added);
  if (below !== undefined && bias !== null && 'bias' in below && below.bias === null) {
    at.builder.change(below.name, { bias: shift }, { bias });
    at.give(below.name);
    return;
  }
  affine(at, value, added, 'bias');
}

/** A constant as the bias of a layer of that kind; null if it is not one number for each output. */
function biasOf(kind: string, dims: Shape, added: Constant): Constant | null {
  const axis = kind === 'convolution' ? 1 : kind === 'inner-product' ? dims.length - 1 : null;
  if (axis === null) return null;
  const aligned = alignedTo(dims, added.dims);
  const isForOutputs = aligned.every((size, at) => size === (at === axis ? dims[axis] : 1));
  return isForOutputs ? viewed(added, [dims[axis] as number]) : null;
}

function timesConstant(at: Conversion, index: number, factor: Constant): void {
  const number = scalarOf(factor);
  if (number !== null) linear(at, at.layer(index), number, 0);
  else affine(at, at.reading.input(index), factor, 'weight');
}

/** y = alpha x + beta; two in a row are one. */
function linear(at: Conversion, layer: string, alpha: number, beta: number): void {
  if (alpha === 1 && beta === 0) return at.give(layer);
  at.make({
    fields: { kind: 'activation', function: 'linear', alpha, beta },
    inputs: [layer],
    dims: at.builder.dims(layer),
  });
}

/** y = x * w or y = x + b for a constant that is broadcast; a product and a sum in a row are
 *  one. */
function affine(at: Conversion, value: string, constant: Constant, blob: 'weight' | 'bias'): void {
  const layer = at.builder.layerOf(value);
  const dims = at.builder.dims(layer);
  const aligned = alignedTo(dims, constant.dims);
  const wide = [...new Array(aligned.length - dims.length).fill(1), ...dims] as number[];
  if (aligned.some((size, axis) => size !== 1 && size !== wide[axis])) {
    throw new Refusal(`spreads [${dims.join(',')}] over [${aligned.join(',')}]`);
  }
  const below = at.builder.own(value);
  if (below?.kind === 'affine' && joins(at, below.name, constant, aligned, blob)) return;
  const isByRow = aligned[0] !== 1;
  const shape = isByRow ? aligned : aligned.slice(1);
  const make = (from: string): string =>
    at.add({
      name: ownerOf(constant) ?? parameterName(constant),
      fields: { kind: 'affine', shape, ...learning(constant, shape, blob) },
      inputs: [from],
      dims: at.builder.dims(from),
      blobs: { [blob]: viewed(constant, shape) },
    });
  const from = at.reshaped(layer, wide);
  at.give(isByRow ? at.onRows(from, make) : make(from));
}

/** Takes a constant into the affine layer below. False if its shape is another. */
function joins(
  at: Conversion,
  below: string,
  constant: Constant,
  aligned: Shape,
  blob: 'weight' | 'bias',
): boolean {
  const { builder } = at;
  const { shape } = builder.layer(below) as LayerMap['affine'];
  if (aligned[0] !== 1 || aligned.slice(1).join() !== shape.join()) return false;
  const own = viewed(constant, shape);
  const [weight, bias] = ['weight', 'bias'].map((each) => builder.weights.get(`${below}.${each}`));
  if (blob === 'bias') {
    builder.change(below, { bias: shift }, { bias: combined(bias, own, (a, b) => a + b) });
  } else {
    const product = (a: number, b: number): number => a * b;
    builder.change(
      below,
      { weight: scale, ...(bias === undefined ? {} : { bias: shift }) },
      {
        weight: combined(weight, own, product),
        bias: bias === undefined ? null : combined(bias, own, product),
      },
    );
  }
  at.give(below);
  return true;
}

/** How the blobs of an affine layer learn. Masks are no parameters: 0 where something is seen, a
 *  large negative number where it is not. */
function learning(constant: Constant, shape: Shape, blob: 'weight' | 'bias') {
  if (blob === 'weight') return { weight: scale, bias: null };
  const isMask = constant.numbers().every((value) => value === 0 || value <= -100);
  const isLong = shape.filter((size) => size > 1).length > 1;
  return { weight: null, bias: isMask ? fixed : isLong ? embedding : shift };
}

/** Sizes of a constant with 1 for the axes that it lacks. */
function alignedTo(dims: Shape, own: Shape): Shape {
  return [...new Array<number>(Math.max(0, dims.length - own.length)).fill(1), ...own];
}

function mapped(constant: Constant, f: (v: number) => number): Constant {
  return computed(constant.kind, constant.dims, () => constant.numbers().map(f));
}

function combined(
  a: Constant | undefined,
  b: Constant,
  f: (x: number, y: number) => number,
): Constant {
  if (a === undefined) return b;
  return computed(b.kind, b.dims, () => {
    const other = b.numbers();
    return a.numbers().map((v, index) => f(v, other[index] as number));
  });
}

/** Sums, products and the like. */
export const elementwise = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Sum: (at) => (at.reading.node.inputs.length === 2 ? add(at) : ofValues(at, { kind: 'add' })),
  Max: maximum,
  Neg: (at) => linear(at, at.layer(0), -1, 0),
} as const satisfies Readonly<Record<string, Converter>>;
