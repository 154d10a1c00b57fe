// Pooling, means, local response normalisation.
import { elementCount } from '../../../../tensor/tensor.js';
import { squareWindow } from '../../../../tensor/window.js';
import { Refusal } from '../refusal.js';
import { reducedAxes } from '../sizes.js';
import { windowOf } from '../windows.js';
import type { Conversion, Converter } from './conversion.js';

const maxPool: Converter = (at) => {
  const window = windowOf(at.reading, at.dims(0));
  at.make({ fields: { kind: 'max-pool', ...window }, inputs: [at.layer(0)], dims: at.outputDims });
};

const averagePool: Converter = (at) => {
  const dims = at.dims(0);
  const window = windowOf(at.reading, dims);
  const includePad = at.reading.number('count_include_pad', 0) === 1;
  const isUnpadded = window.pads.every((pad) => pad === 0);
  const isWhole = window.kernel.every((size, axis) => size === dims[axis + 2]);
  // One window over everything is a mean, whatever it is called.
  if (isUnpadded && isWhole) return mean(at, [2, 3], true);
  at.make({
    fields: { kind: 'average-pool', ...window, includePad },
    inputs: [at.layer(0)],
    dims: at.outputDims,
  });
};

const globalMaxPool: Converter = (at) => {
  const [, , height = 1, width = 1] = at.dims(0);
  if (at.dims(0).length !== 4) throw new Refusal('pools along other than two axes');
  const window = { ...squareWindow(1, 'floor'), kernel: [height, width] } as const;
  at.make({
    fields: { kind: 'max-pool', ...window },
    inputs: [at.layer(0)],
    dims: at.outputDims,
  });
};

const globalAveragePool: Converter = (at) => {
  const axes = at.dims(0).map((_, axis) => axis);
  mean(at, axes.slice(2), true);
};

const reduceMean: Converter = (at) => {
  const axes = reducedAxes(at.reading, at.dims(0).length);
  mean(at, axes, at.reading.number('keepdims', 1) === 1);
};

function mean(at: Conversion, all: readonly number[], keepDims: boolean): void {
  const dims = at.dims(0);
  const layer = at.layer(0);
  // The mean of one number is itself.
  const axes = all.filter((axis) => dims[axis] !== 1).toSorted((a, b) => a - b);
  if (axes.length === 0) return at.give(at.reshaped(layer, at.outputDims));
  const average = (from: string, over: readonly number[]): string => {
    const sizes = at.builder.dims(from);
    const keeps = keepDims || over.length < all.length;
    return at.add({
      fields: { kind: 'mean', axes: over, keepDims: keeps },
      inputs: [from],
      dims: keeps
        ? sizes.map((size, axis) => (over.includes(axis) ? 1 : size))
        : sizes.filter((_, axis) => !over.includes(axis)),
    });
  };
  const made =
    axes[0] === 0
      ? average(
          at.reshaped(layer, [1, ...dims]),
          axes.map((axis) => axis + 1),
        )
      : average(layer, axes);
  if (elementCount(at.builder.dims(made)) !== elementCount(at.outputDims)) {
    throw new Refusal('is a mean over the images');
  }
  at.give(at.reshaped(made, at.outputDims));
}

const lrn: Converter = (at) => {
  const { reading } = at;
  at.make({
    fields: {
      kind: 'lrn',
      size: reading.number('size', 5),
      alpha: reading.number('alpha', 1e-4),
      beta: reading.number('beta', 0.75),
      k: reading.number('bias', 1),
    },
    inputs: [at.layer(0)],
    dims: at.outputDims,
  });
};

/** Pooling and means. */
export const pooling = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalMaxPool: globalMaxPool,
  GlobalAveragePool: globalAveragePool,
  ReduceMean: reduceMean,
  LRN: lrn,
} as const satisfies Readonly<Record<string, Converter>>;
