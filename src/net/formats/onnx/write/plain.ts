// Layers without weights as ONNX operators.
import { activationNumbers } from '../../../../program/ops/activation.js';
import type { ActivationFunction } from '../../../../program/ops/params.js';
import type { LayerKind, LayerMap } from '../../../layers/table.js';
import type { Window } from '../../../../tensor/window.js';
import type { AttributesOut } from '../../../../tensor/onnx-parts.js';
import type { LayerWriter, LayerWriters, Writing } from './writing.js';

type Writer<K extends LayerKind> = LayerWriter<LayerMap[K]>;

type ActivationWriting = Writing<LayerMap['activation']>;

/** An operator that needs nothing more. */
const bare =
  (op: string, attributes: AttributesOut = {}) =>
  (at: ActivationWriting): string =>
    at.last(op, [at.x.name], attributes);

/** An operator with the number alpha. */
const withAlpha =
  (op: string) =>
  (at: ActivationWriting): string =>
    at.last(op, [at.x.name], { alpha: { float: activationNumbers(at.layer).alpha } });

/** How each function is written. Opset 20 has no SiLU, and no straight line. */
const functions: { readonly [F in ActivationFunction]: (at: ActivationWriting) => string } = {
  sigmoid: bare('Sigmoid'),
  tanh: bare('Tanh'),
  silu: (at) => at.last('Mul', [at.x.name, at.step('Sigmoid', [at.x.name])]),
  'hard-sigmoid': (at) => {
    const { alpha, beta } = activationNumbers(at.layer);
    return at.last('HardSigmoid', [at.x.name], { alpha: { float: alpha }, beta: { float: beta } });
  },
  'hard-swish': bare('HardSwish'),
  gelu: bare('Gelu', { approximate: { text: 'none' } }),
  'gelu-tanh': bare('Gelu', { approximate: { text: 'tanh' } }),
  'leaky-relu': withAlpha('LeakyRelu'),
  elu: withAlpha('Elu'),
  clip: (at) => {
    const { alpha, beta } = activationNumbers(at.layer);
    return at.last('Clip', [at.x.name, at.scalar('min', alpha), at.scalar('max', beta)]);
  },
  linear: (at) => {
    const { alpha, beta } = activationNumbers(at.layer);
    if (beta === 0) return at.last('Mul', [at.x.name, at.scalar('alpha', alpha)]);
    const { name: x } = at.x;
    const scaled = alpha === 1 ? x : at.step('Mul', [x, at.scalar('alpha', alpha)]);
    return at.last('Add', [scaled, at.scalar('beta', beta)]);
  },
};

/** Element-wise functions. */
const activation: Writer<'activation'> = (at) => functions[at.layer.function](at);

/** Rectifier: Relu. */
const relu: Writer<'relu'> = (at) => at.last('Relu', [at.x.name]);

/** Dropout: Dropout, which does nothing where a network is used. */
const dropout: Writer<'dropout'> = (at) =>
  at.last('Dropout', [at.x.name, at.scalar('ratio', at.layer.ratio)]);

/** Local response normalisation: LRN. */
const lrn: Writer<'lrn'> = (at) => {
  const { size, alpha, beta, k } = at.layer;
  return at.last('LRN', [at.x.name], {
    size: { int: size },
    alpha: { float: alpha },
    beta: { float: beta },
    bias: { float: k },
  });
};

function windowAttributes({ kernel, stride, pads, dilation, rounding }: Window): AttributesOut {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    pads: { ints: pads },
    dilations: { ints: dilation },
    ceil_mode: { int: rounding === 'ceil' ? 1 : 0 },
  };
}

/** Max pooling: MaxPool. */
const maxPool: Writer<'max-pool'> = (at) =>
  at.last('MaxPool', [at.x.name], windowAttributes(at.layer));

/** Average pooling: AveragePool. */
const averagePool: Writer<'average-pool'> = (at) =>
  at.last('AveragePool', [at.x.name], {
    ...windowAttributes(at.layer),
    count_include_pad: { int: at.layer.includePad ? 1 : 0 },
  });

/** Mean: GlobalAveragePool over height and width, else ReduceMean. */
const mean: Writer<'mean'> = (at) => {
  const { axes, keepDims } = at.layer;
  const { name: x, shape } = at.x;
  const isSpatial = shape.length === 4 && axes.toSorted().join() === '2,3';
  if (isSpatial && keepDims) return at.last('GlobalAveragePool', [x]);
  return at.last('ReduceMean', [x, at.integers('axes', axes)], {
    keepdims: { int: keepDims ? 1 : 0 },
  });
};

/** Softmax over the last axis: Softmax. */
const softmax: Writer<'softmax'> = (at) =>
  at.last('Softmax', [at.x.name], { axis: { int: at.layer.axis } });

/** Sums: Add, Sub or Sum; a coefficient is a Mul before it. */
const add: Writer<'add'> = (at) => {
  const { coefficients = [] } = at.layer;
  const factors = at.inputs.map((_, index) => coefficients[index] ?? 1);
  const names = at.inputs.map(({ name }) => name);
  if (factors.join() === '1,-1') return at.last('Sub', names);
  const terms = names.map((name, index) => {
    const factor = factors[index] as number;
    return factor === 1 ? name : at.step('Mul', [name, at.scalar('coefficient', factor)]);
  });
  return at.last(terms.length === 2 ? 'Add' : 'Sum', terms);
};

/** Products: Mul, as often as there are further inputs. */
const multiply: Writer<'multiply'> = (at) => {
  const names = at.inputs.map(({ name }) => name);
  const end = names.pop() as string;
  const product = names.reduce((left, right) => at.step('Mul', [left, right]));
  return at.last('Mul', [product, end]);
};

/** Products of matrices: MatMul, which takes them as they lie. */
const matmul: Writer<'matmul'> = (at) => {
  const { transposeA = false, transposeB = false } = at.layer;
  const upright = [transposeA, transposeB].map((isTurned, index) => {
    const { name, shape } = at.inputs[index] as Writing<LayerMap['matmul']>['x'];
    if (!isTurned) return name;
    const axes = shape.map((_, axis) => axis);
    const order = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
    return at.step('Transpose', [name], { perm: { ints: order } });
  });
  return at.last('MatMul', upright);
};

/** Layers without weights. */
export const plainLayers = {
  activation,
  relu,
  dropout,
  lrn,
  'max-pool': maxPool,
  'average-pool': averagePool,
  mean,
  softmax,
  add,
  multiply,
  matmul,
} as const satisfies Partial<LayerWriters>;
