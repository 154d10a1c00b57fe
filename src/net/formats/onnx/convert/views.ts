// Operators that move numbers, choose some of them, or join them.
import { sameShape, type Shape } from '../../../../tensor/tensor.js';
import { parameterName } from '../names.js';
import { Refusal } from '../refusal.js';
import { axisOf, gathered, orderOf, padsOf, parts, slices } from '../sizes.js';
import { embedding } from './blobs.js';
import type { Conversion, Converter } from './conversion.js';
import { viewed } from './layer-builder.js';

const alias: Converter = (at) => at.give(at.layer(0));

const view: Converter = (at) => {
  const below = at.builder.own(at.reading.input(0));
  // Global pooling and the flattening after it are one layer.
  if (below?.kind === 'mean' && below.keepDims === true) {
    const axes = below.axes as readonly number[];
    const short = at.builder.dims(below.name).filter((_, axis) => !axes.includes(axis));
    if (sameShape(short, at.outputDims)) {
      at.builder.change(below.name, { keepDims: false }, {}, short);
      return at.give(below.name);
    }
  }
  at.give(at.reshaped(at.layer(0), at.outputDims));
};

const transpose: Converter = (at) => {
  at.give(at.transposed(at.layer(0), orderOf(at.reading, at.dims(0).length)));
};

interface Part {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** Elements start, start + step, ... of an axis, `size` of them. */
function part(at: Conversion, layer: string, { axis, start, size, step }: Part): string {
  const dims = at.builder.dims(layer);
  const length = dims[axis] as number;
  if (start === 0 && size === length && step === 1) return layer;
  if (size < 1) throw new Refusal(`takes nothing of the ${length} elements of axis ${axis}`);
  if (step < 0) throw new Refusal('takes elements in reverse order');
  const make = (from: string, along: number): string =>
    at.add({
      fields: {
        kind: 'slice',
        axis: along,
        ...{ start, end: start + (size - 1) * step + 1 },
        ...(step === 1 ? {} : { step }),
      },
      inputs: [from],
      dims: at.builder.dims(from).map((each, index) => (index === along ? size : each)),
    });
  return axis === 0 ? at.onRows(layer, (apart) => make(apart, 1)) : make(layer, axis);
}

const slice: Converter = (at) => {
  at.give(
    slices(at.reading, at.dims(0)).reduce((layer, range) => part(at, layer, range), at.layer(0)),
  );
};

const split: Converter = (at) => {
  const dims = at.dims(0);
  const axis = axisOf(at.reading.number('axis', 0), dims.length);
  let start = 0;
  parts(at.reading, dims[axis] as number).forEach((size, index) => {
    at.give(part(at, at.layer(0), { axis, start, size, step: 1 }), index);
    start += size;
  });
};

/** So many single slices are joined again; more would be slower than they are worth. */
const MOST_PIECES = 32;

const gather: Converter = (at) => {
  const [dims, indices] = [at.dims(0), at.constant(1)];
  const axis = axisOf(at.reading.number('axis', 0), dims.length);
  if (indices === null) throw new Refusal('looks up places that depend on the images');
  const length = dims[axis] as number;
  const places = [...indices.numbers()].map((place) => axisOf(place, length));
  const step = places.length > 1 ? (places[1] as number) - (places[0] as number) : 1;
  const isEven = places.every((place, index) => place === (places[0] as number) + index * step);
  const shape = gathered(dims, axis, [places.length]);
  if (isEven && step > 0) {
    const all = { axis, start: places[0] ?? 0, size: places.length, step };
    return at.give(at.reshaped(part(at, at.layer(0), all), at.outputDims));
  }
  if (places.length > MOST_PIECES) {
    throw new Refusal(`looks up ${places.length} places in no even order`);
  }
  const pieces = places.map((start) => part(at, at.layer(0), { axis, start, size: 1, step: 1 }));
  at.give(at.reshaped(joined(at, pieces, axis, shape), at.outputDims));
};

function joined(at: Conversion, layers: readonly string[], axis: number, dims: Shape): string {
  const make = (inputs: readonly string[], along: number, shape: Shape): string =>
    at.add({ fields: { kind: 'concat', axis: along }, inputs, dims: shape });
  if (axis > 0) return make(layers, axis, dims);
  const apart = layers.map((layer) => at.reshaped(layer, [1, ...at.builder.dims(layer)]));
  return at.reshaped(make(apart, 1, [1, ...dims]), dims);
}

const concat: Converter = (at) => {
  const { inputs } = at.reading.node;
  const axis = axisOf(at.reading.number('axis', 1), at.outputDims.length);
  const like = inputs.findIndex((_, index) => at.constant(index) === null);
  const layers = inputs.map((_, index) =>
    at.constant(index) === null ? at.layer(index) : repeated(at, index, at.layer(like)),
  );
  at.give(joined(at, layers, axis, at.outputDims));
};

/** A constant as many times as there are images: a class token. */
function repeated(at: Conversion, index: number, like: string): string {
  const constant = at.constant(index);
  const [rows, ...shape] = at.dims(index);
  if (constant === null || rows !== 1) throw new Refusal('joins a constant along the images');
  const name = parameterName(constant);
  const parameter = at.add({
    name,
    fields: { kind: 'parameter', shape, value: embedding },
    inputs: [],
    dims: [1, ...shape],
    blobs: { value: viewed(constant, shape) },
  });
  return at.add({
    name: name === null ? null : `${name}.broadcast`,
    fields: { kind: 'broadcast', batch: true },
    inputs: [parameter, like],
    dims: [1, ...shape],
  });
}

const pad: Converter = (at) => {
  const dims = at.dims(0);
  const pads = padsOf(at.reading, dims.length);
  if (pads.every((each) => each === 0)) return alias(at);
  const mode = at.reading.text('mode', 'constant');
  if (mode !== 'constant') throw new Refusal(`pads with the mode "${mode}", wanted "constant"`);
  if (pads.some((each) => each < 0)) throw new Refusal('cuts off edges (negative pads)');
  if (pads[0] !== 0 || pads[dims.length] !== 0) throw new Refusal('pads the images themselves');
  at.make({
    fields: {
      kind: 'pad',
      pads,
      value: at.reading.numberOr('value', 2, 0),
    },
    inputs: [at.layer(0)],
    dims: at.outputDims,
  });
};

/** Operators that move numbers. */
export const views = {
  Identity: alias,
  Cast: alias,
  CastLike: alias,
  Reshape: view,
  Flatten: view,
  Squeeze: view,
  Unsqueeze: view,
  Expand: view,
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Gather: gather,
  Concat: concat,
  Pad: pad,
} as const satisfies Readonly<Record<string, Converter>>;
