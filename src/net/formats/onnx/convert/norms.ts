// Normalisation with statistics of a minibatch, of an image, or of a row; softmax.
import { elementCount } from '../../../../tensor/tensor.js';
import type { Constant } from '../constant.js';
import { ownerOf } from '../names.js';
import { Refusal } from '../refusal.js';
import { axisOf } from '../sizes.js';
import { scale, shift } from './blobs.js';
import type { Conversion, Converter } from './conversion.js';
import { viewed } from './layer-builder.js';

function parameter(at: Conversion, index: number): Constant {
  const constant = at.constant(index);
  if (constant === null) throw new Refusal(`takes its input ${index + 1} from the images`);
  return constant;
}

const batchNorm: Converter = (at) => {
  const [weight, bias, mean, variance] = [1, 2, 3, 4].map((index) => parameter(at, index)) as [
    Constant,
    Constant,
    Constant,
    Constant,
  ];
  at.make({
    name: ownerOf(weight),
    fields: {
      kind: 'batch-norm',
      epsilon: at.reading.number('epsilon', 1e-5),
      // ONNX writes the share of the old value.
      momentum: 1 - at.reading.number('momentum', 0.9),
      scale,
      shift,
    },
    inputs: [at.layer(0)],
    dims: at.outputDims,
    blobs: { weight, bias, running_mean: mean, running_var: variance },
  });
};

const layerNorm: Converter = (at) => {
  const dims = at.dims(0);
  const axis = axisOf(at.reading.number('axis', -1), dims.length);
  if (axis === 0) throw new Refusal('normalises over the images');
  const sizes = dims.slice(axis);
  const weight = at.reading.has(1) ? parameter(at, 1) : null;
  const bias = at.reading.has(2) ? parameter(at, 2) : null;
  for (const blob of [weight, bias]) {
    if (blob !== null && elementCount(blob.dims) !== elementCount(sizes)) {
      throw new Refusal(`has [${blob.dims.join(',')}] scales, wanted [${sizes.join(',')}]`);
    }
  }
  at.make({
    name: ownerOf(weight),
    fields: {
      kind: 'layer-norm',
      axes: sizes.length,
      epsilon: at.reading.number('epsilon', 1e-5),
      scale: weight === null ? null : scale,
      shift: bias === null ? null : shift,
    },
    inputs: [at.layer(0)],
    dims,
    blobs: {
      weight: weight === null ? null : viewed(weight, sizes),
      bias: bias === null ? null : viewed(bias, sizes),
    },
  });
};

function groupNorm(groups: (at: Conversion) => number): Converter {
  return (at) => {
    const [weight, bias] = [parameter(at, 1), parameter(at, 2)];
    const channels = at.dims(0)[1] ?? 0;
    if (elementCount(weight.dims) !== channels) {
      throw new Refusal(`has ${elementCount(weight.dims)} scales for ${channels} channels`);
    }
    at.make({
      name: ownerOf(weight),
      fields: {
        kind: 'group-norm',
        groups: groups(at),
        epsilon: at.reading.number('epsilon', 1e-5),
        scale,
        shift,
      },
      inputs: [at.layer(0)],
      dims: at.outputDims,
      blobs: { weight, bias },
    });
  };
}

const softmax: Converter = (at) => {
  const dims = at.dims(0);
  const isOld = at.reading.opset < 13;
  const axis = axisOf(at.reading.number('axis', isOld ? 1 : -1), dims.length);
  const last = dims.length - 1;
  const make = (from: string, over: number): string =>
    at.add({
      fields: { kind: 'softmax', axis: over },
      inputs: [from],
      dims: at.builder.dims(from),
    });
  if (axis === last) return at.give(make(at.layer(0), last));
  if (isOld) {
    // Before version 13 all axes from `axis` on count as one.
    const flat = [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))];
    return at.give(at.reshaped(make(at.reshaped(at.layer(0), flat), 1), dims));
  }
  const order = dims.map((_, at_) => (at_ === axis ? last : at_ === last ? axis : at_));
  at.give(at.transposed(make(at.transposed(at.layer(0), order), last), order));
};

/** Normalisation and softmax. */
export const norms = {
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  InstanceNormalization: groupNorm((at) => at.dims(0)[1] ?? 1),
  GroupNormalization: groupNorm((at) => at.reading.number('num_groups', 1)),
  Softmax: softmax,
} as const satisfies Readonly<Record<string, Converter>>;
