// Functions of each element alone, LRN and dropout.
import type { ActivationParams } from '../../../../program/ops/params.js';
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';
import { blobOf } from './blobs.js';
import { type Converter, wired } from './converter.js';
import { expectOnly } from './only.js';

/** ReLU, leaky with a `negative_slope`. */
export const relu: Converter = (layer, place, issues) => {
  const alpha = layer.parameters.number(['negative_slope'], 0);
  if (alpha === 0) return { kind: 'relu', ...wired(layer, place) };
  return activation(() => ({ function: 'leaky-relu', alpha }))(layer, place, issues);
};

/** ReLU with a learned slope below zero, which begins at 0.25. */
export const prelu: Converter = (layer, place, issues) => ({
  kind: 'prelu',
  ...wired(layer, place),
  weight: blobOf(layer, { index: 0, filler: 'filler', otherwise: 0.25 }, issues),
  shared: layer.parameters.flag('channel_shared', false),
});

/** A function without weights; `read` finds its numbers. */
function activation(read: (layer: CaffeLayer, issues: Issues) => ActivationParams): Converter {
  return (layer, place, issues) => ({
    kind: 'activation',
    ...wired(layer, place),
    ...read(layer, issues),
  });
}

/** 1 / (1 + e^-x). */
export const sigmoid = activation(() => ({ function: 'sigmoid' }));

/** Hyperbolic tangent. */
export const tanh = activation(() => ({ function: 'tanh' }));

/** x where x > 0, else alpha (e^x - 1). */
export const elu = activation(({ parameters }) => ({
  function: 'elu',
  alpha: parameters.number(['alpha'], 1),
}));

/** (shift + scale x)^power, of which only power 1 is ours. */
export const power = activation((layer, issues) => {
  expectOnly(layer, issues, { power: 1 });
  const { parameters } = layer;
  const [alpha, beta] = [parameters.number(['scale'], 1), parameters.number(['shift'], 0)];
  return { function: 'linear', alpha, beta };
});

/** max(min, min(max, x)). */
export const clip = activation(({ name, place, parameters }, issues) => {
  const [alpha, beta] = [parameters.number(['min'], null), parameters.number(['max'], null)];
  if (alpha === null || beta === null) {
    issues.add(place, `layer "${name}": wanted both min and max`);
  }
  return { function: 'clip', alpha: alpha ?? 0, beta: beta ?? 0 };
});

/** max(0, min(6, x)), of forks. */
export const relu6 = activation(() => ({ function: 'clip', alpha: 0, beta: 6 }));

/** x / (1 + e^(-beta x)), of which only beta 1 is ours. */
export const swish = activation((layer, issues) => {
  expectOnly(layer, issues, { beta: 1 });
  return { function: 'silu' };
});

/** LRN across channels. */
export const lrn: Converter = (layer, place, issues) => {
  const { parameters } = layer;
  expectOnly(layer, issues, { norm_region: 'ACROSS_CHANNELS' });
  return {
    kind: 'lrn',
    ...wired(layer, place),
    size: parameters.number(['local_size'], 5),
    alpha: parameters.number(['alpha'], 1),
    beta: parameters.number(['beta'], 0.75),
    k: parameters.number(['k'], 1),
  };
};

/** Dropout, scaled in training. */
export const dropout: Converter = (layer, place, issues) => {
  expectOnly(layer, issues, { scale_train: true });
  const ratio = layer.parameters.number(['dropout_ratio'], 0.5);
  return { kind: 'dropout', ...wired(layer, place), ratio };
};
