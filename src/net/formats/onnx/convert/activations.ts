// Functions of each number.
import type { ActivationParams } from '../../../../program/ops/params.js';
import { scalarOf } from '../constant.js';
import { Refusal } from '../refusal.js';
import { elementCount } from '../../../../tensor/tensor.js';
import { ownerOf } from '../names.js';
import { slope } from './blobs.js';
import type { Conversion, Converter } from './conversion.js';
import { viewed } from './layer-builder.js';

function activation(of: (at: Conversion) => ActivationParams): Converter {
  return (at) => {
    at.make({
      fields: { kind: 'activation', ...of(at) },
      inputs: [at.layer(0)],
      dims: at.outputDims,
    });
  };
}

const relu: Converter = (at) => {
  at.make({ fields: { kind: 'relu' }, inputs: [at.layer(0)], dims: at.outputDims });
};

const clip: Converter = (at) => {
  const { reading } = at;
  const least = reading.numberOr('min', 1, -Infinity);
  const most = reading.numberOr('max', 2, Infinity);
  // Old exporters write the largest float32 for "no limit".
  if (least === 0 && most > 3e38) return relu(at);
  if (least < -3e38 && most > 3e38) return at.give(at.layer(0));
  activation(() => ({ function: 'clip', alpha: least, beta: most }))(at);
};

const prelu: Converter = (at) => {
  const slopes = at.constant(1);
  if (slopes === null) throw new Refusal('takes its slopes from the images');
  const channels = at.dims(0)[1] ?? 1;
  const shared = scalarOf(slopes) !== null && channels !== 1;
  if (!shared && elementCount(slopes.dims) !== channels) {
    throw new Refusal(`has slopes of the shape [${slopes.dims.join(',')}], wanted one a channel`);
  }
  at.make({
    name: ownerOf(slopes),
    fields: { kind: 'prelu', weight: slope, shared },
    inputs: [at.layer(0)],
    dims: at.outputDims,
    blobs: { weight: viewed(slopes, [shared ? 1 : channels]) },
  });
};

const dropout: Converter = (at) => {
  const ratio = at.reading.numberOr('ratio', 1, 0.5);
  if (ratio <= 0) return at.give(at.layer(0));
  at.make({ fields: { kind: 'dropout', ratio }, inputs: [at.layer(0)], dims: at.outputDims });
};

/** Functions of each number. */
export const activations = {
  Relu: relu,
  Clip: clip,
  PRelu: prelu,
  Dropout: dropout,
  Sigmoid: activation(() => ({ function: 'sigmoid' })),
  Tanh: activation(() => ({ function: 'tanh' })),
  Silu: activation(() => ({ function: 'silu' })),
  HardSwish: activation(() => ({ function: 'hard-swish' })),
  Gelu: activation(({ reading }) => ({
    function: reading.text('approximate', 'none') === 'tanh' ? 'gelu-tanh' : 'gelu',
  })),
  HardSigmoid: activation(({ reading }) => ({
    function: 'hard-sigmoid',
    alpha: reading.number('alpha', 0.2),
    beta: reading.number('beta', 0.5),
  })),
  LeakyRelu: activation(({ reading }) => ({
    function: 'leaky-relu',
    alpha: reading.number('alpha', 0.01),
  })),
  Elu: activation(({ reading }) => ({ function: 'elu', alpha: reading.number('alpha', 1) })),
} as const satisfies Readonly<Record<string, Converter>>;
