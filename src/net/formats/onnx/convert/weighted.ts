// Convolutions and matrix products with weights.
import { elementCount } from '../../../../tensor/tensor.js';
import { type Constant, computed, scalarOf } from '../constant.js';
import { transposedNumbers } from '../fold/strided.js';
import { ownerOf } from '../names.js';
import { Refusal } from '../refusal.js';
import { multiplied } from '../sizes.js';
import { windowOf } from '../windows.js';
import { convolutionWeight, innerProductWeight, shift } from './blobs.js';
import type { Conversion, Converter } from './conversion.js';
import { viewed } from './layer-builder.js';

const convolution: Converter = (at) => {
  const [weight, bias] = [at.constant(1), at.constant(2)];
  if (weight === null) throw new Refusal('convolves with weights that depend on the images');
  if (at.reading.has(2) && bias === null) throw new Refusal('adds a bias from the images');
  const dims = at.dims(0);
  const { kernel, stride, pads, dilation } = windowOf(at.reading, dims, weight.dims.slice(2));
  const outputs = weight.dims[0] as number;
  at.make({
    name: ownerOf(weight),
    fields: {
      kind: 'convolution',
      ...{ outputs, kernel, stride, pads, dilation },
      groups: at.reading.number('group', 1),
      weight: convolutionWeight,
      bias: bias === null ? null : shift,
    },
    inputs: [at.layer(0)],
    dims: at.outputDims,
    blobs: { weight, bias },
  });
};

const gemm: Converter = (at) => {
  const { reading } = at;
  const matrix = at.constant(1);
  if (matrix === null || reading.number('transA', 0) === 1) {
    throw new Refusal('multiplies two values that depend on the images, or the rows of one');
  }
  const upright = reading.number('transB', 0) === 1 ? matrix : turned(matrix);
  const [alpha, beta] = [reading.number('alpha', 1), reading.number('beta', 1)];
  const added = reading.has(2) && beta !== 0 ? at.constant(2) : null;
  if (reading.has(2) && beta !== 0 && added === null) {
    throw new Refusal('adds a bias from the images');
  }
  const outputs = upright.dims[0] as number;
  innerProduct(at, at.layer(0), times(upright, alpha), {
    name: ownerOf(matrix),
    bias: added === null ? null : times(widened(added, outputs), beta),
  });
};

const matMul: Converter = (at) => {
  const [left, right] = [at.constant(0), at.constant(1)];
  if (left !== null && right === null) return fromTheLeft(at, left);
  if (right === null) return ofTwo(at);
  if (right.dims.length !== 2) throw new Refusal('multiplies by more than one matrix of weights');
  innerProduct(at, at.layer(0), turned(right), { name: ownerOf(right), bias: null });
};

interface InnerProduct {
  readonly name: string | null;
  readonly bias: Constant | null;
}

/** y = x w^T + b over the last axis; what was flattened for it is read as it was. */
function innerProduct(
  at: Conversion,
  layer: string,
  weight: Constant,
  { name, bias }: InnerProduct,
): void {
  const { builder } = at;
  const dims = builder.dims(layer);
  const [outputs, inputs] = weight.dims as readonly [number, number];
  const view = builder.layer(layer);
  const inner = view?.kind === 'reshape' ? (view.inputs[0] as string) : layer;
  const isFlat = dims.length === 2 && dims[0] === 1;
  const innerDims = builder.dims(inner);
  const readsInner = isFlat && innerDims[0] === 1 && elementCount(innerDims) === inputs;
  at.make({
    name,
    fields: {
      kind: 'inner-product',
      outputs,
      ...(dims.length > 2 ? { over: 'last' } : {}),
      weight: innerProductWeight,
      bias: bias === null ? null : shift,
    },
    inputs: [readsInner ? inner : layer],
    dims: [...dims.slice(0, -1), outputs],
    blobs: { weight, bias },
  });
}

/** Weights times the image: as the inner product of the transposed image. */
function fromTheLeft(at: Conversion, weight: Constant): void {
  const layer = at.layer(1);
  const rank = at.builder.dims(layer).length;
  if (weight.dims.length !== 2 || rank < 3) {
    throw new Refusal('multiplies by more than one matrix of weights');
  }
  const swap = swapped(rank);
  innerProduct(at, at.transposed(layer, swap), weight, { name: ownerOf(weight), bias: null });
  at.give(at.transposed(at.given, swap));
}

function ofTwo(at: Conversion): void {
  const dims = at.outputDims;
  const rank = Math.max(at.dims(0).length, at.dims(1).length);
  const wide = (index: number): string => {
    const own = at.dims(index);
    return at.reshaped(at.layer(index), [...new Array(rank - own.length).fill(1), ...own]);
  };
  const [a, b] = [wide(0), wide(1)];
  const [left, right] = [at.builder.dims(a), at.builder.dims(b)];
  if (rank > 2 && left[0] === right[0]) {
    at.make({ fields: { kind: 'matmul' }, inputs: [a, b], dims });
    return;
  }
  const apart = [a, b].map((each) => at.reshaped(each, [1, ...at.builder.dims(each)]));
  const product = at.add({
    fields: { kind: 'matmul' },
    inputs: apart,
    dims: [1, ...multiplied(left, right)],
  });
  at.give(at.reshaped(product, dims));
}

function swapped(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) =>
    axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis,
  );
}

function turned({ kind, dims, numbers, stored }: Constant): Constant {
  const flipped = dims.toReversed();
  return computed(kind, flipped, () => transposedNumbers(numbers(), dims, [1, 0]), stored);
}

function times(constant: Constant, factor: number): Constant {
  if (factor === 1) return constant;
  return computed(constant.kind, constant.dims, () => constant.numbers().map((v) => v * factor));
}

/** A bias for each output, of one that may be for all. */
function widened(bias: Constant, outputs: number): Constant {
  const number = scalarOf(bias);
  if (elementCount(bias.dims) === outputs) return viewed(bias, [outputs]);
  if (number === null || outputs === 1) {
    throw new Refusal(`adds a bias of the shape [${bias.dims.join(',')}] to ${outputs} outputs`);
  }
  return computed(bias.kind, [outputs], () => new Float64Array(outputs).fill(number));
}

/** Operators with weights. */
export const weighted = { Conv: convolution, Gemm: gemm, MatMul: matMul } as const;
