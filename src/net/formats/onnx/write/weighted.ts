// Layers with weights as ONNX operators. Tensors keep their names, and their sizes where the
// operator allows: MatMul takes matrices the other way round.
import type { LayerKind, LayerMap } from '../../../layers/table.js';
import type { AttributesOut } from '../../../../tensor/onnx-parts.js';
import type { LayerWriter, LayerWriters, Writing } from './writing.js';

type Writer<K extends LayerKind> = LayerWriter<LayerMap[K]>;

/** Convolution: Conv. */
const convolution: Writer<'convolution'> = (at) => {
  const { kernel, stride, pads, dilation, groups, bias } = at.layer;
  const blobs = [at.blob('weight'), ...(bias === null ? [] : [at.blob('bias')])];
  return at.last('Conv', [at.x.name, ...blobs], {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    pads: { ints: pads },
    dilations: { ints: dilation },
    group: { int: groups },
  });
};

/** Inner product: Gemm on flattened images, MatMul and Add over the last axis. */
const innerProduct: Writer<'inner-product'> = (at) => {
  const { over, bias } = at.layer;
  const { name: x, shape } = at.x;
  if (over === 'last' && shape.length > 2) {
    const [outputs = 0, columns = 0] = at.numbers('weight').shape;
    const weight = at.blob('weight', [columns, outputs], turned(at, outputs, columns));
    if (bias === null) return at.last('MatMul', [x, weight]);
    return at.last('Add', [at.step('MatMul', [x, weight]), at.blob('bias')]);
  }
  const rows = shape.length === 2 ? x : at.step('Flatten', [x], { axis: { int: 1 } });
  const blobs = [at.blob('weight'), ...(bias === null ? [] : [at.blob('bias')])];
  return at.last('Gemm', [rows, ...blobs], { transB: { int: 1 } });
};

function turned(
  at: Writing<LayerMap['inner-product']>,
  outputs: number,
  columns: number,
): Float32Array {
  const { data } = at.numbers('weight');
  return Float32Array.from(
    data,
    (_, place) => data[(place % outputs) * columns + Math.floor(place / outputs)] as number,
  );
}

/** Batch norm: BatchNormalization, which always has scale and shift. ONNX's momentum is the share
 *  of the old value. */
const batchNorm: Writer<'batch-norm'> = (at) => {
  const { epsilon, momentum, scale, shift } = at.layer;
  const channels = at.x.shape[1] as number;
  const inputs = [
    scale === null ? at.repeated('ones', 1, channels) : at.blob('weight'),
    shift === null ? at.repeated('zeros', 0, channels) : at.blob('bias'),
    at.blob('running_mean'),
    at.blob('running_var'),
  ];
  return at.last('BatchNormalization', [at.x.name, ...inputs], {
    epsilon: { float: epsilon },
    momentum: { float: 1 - momentum },
  });
};

/** Layer norm: LayerNormalization, which always has a scale. */
const layerNorm: Writer<'layer-norm'> = (at) => {
  const { axes, epsilon, scale, shift } = at.layer;
  const { shape } = at.x;
  const sizes = shape.slice(-axes);
  const ones = (): string => {
    const count = sizes.reduce((product, size) => product * size, 1);
    const flat = at.repeated('ones', 1, count);
    return axes === 1 ? flat : at.step('Reshape', [flat, at.integers('sizes', sizes)]);
  };
  const blobs = [
    scale === null ? ones() : at.blob('weight'),
    ...(shift === null ? [] : [at.blob('bias')]),
  ];
  return at.last('LayerNormalization', [at.x.name, ...blobs], {
    axis: { int: -axes },
    epsilon: { float: epsilon },
  });
};

/** Group norm: InstanceNormalization where each channel of an image is a group; else that of the
 *  groups as channels, then factors and summands of the channels. GroupNormalization of opset 20
 *  has factors of groups, not of channels. */
const groupNorm: Writer<'group-norm'> = (at) => {
  const { groups, epsilon, scale, shift } = at.layer;
  const { name: x, shape } = at.x;
  const channels = shape[1] as number;
  const attributes: AttributesOut = { epsilon: { float: epsilon } };
  if (groups === channels && shape.length > 2) {
    const weight = scale === null ? at.repeated('ones', 1, channels) : at.blob('weight');
    const bias = shift === null ? at.repeated('zeros', 0, channels) : at.blob('bias');
    return at.last('InstanceNormalization', [x, weight, bias], attributes);
  }
  const size = shape.slice(1).reduce((product, each) => product * each, 1) / groups;
  const grouped = at.step('Reshape', [x, at.integers('groups', [-1, groups, size])]);
  const ones = at.repeated('ones', 1, groups);
  const zeros = at.repeated('zeros', 0, groups);
  const normal = at.step('InstanceNormalization', [grouped, ones, zeros], attributes);
  const sizes = at.integers('sizes', [-1, ...shape.slice(1)]);
  const factors = [
    ...(scale === null ? [] : [['Mul', 'weight'] as const]),
    ...(shift === null ? [] : [['Add', 'bias'] as const]),
  ];
  const place = factors.length === 0 ? 'last' : 'step';
  const row = [channels, ...shape.slice(2).map(() => 1)];
  return factors.reduce(
    (y, [op, blob], index) =>
      at[index === factors.length - 1 ? 'last' : 'step'](op, [y, at.blob(blob, row)]),
    at[place]('Reshape', [normal, sizes]),
  );
};

/** Learned factors and summands: Mul, Add. */
const affine: Writer<'affine'> = (at) => {
  const { weight, bias } = at.layer;
  if (bias === null) return at.last('Mul', [at.x.name, at.blob('weight')]);
  const scaled = weight === null ? at.x.name : at.step('Mul', [at.x.name, at.blob('weight')]);
  return at.last('Add', [scaled, at.blob('bias')]);
};

/** Rectifier with a learned slope: PRelu. */
const prelu: Writer<'prelu'> = (at) => {
  const { shape } = at.numbers('weight');
  const row = at.layer.shared ? shape : [...shape, ...at.x.shape.slice(2).map(() => 1)];
  return at.last('PRelu', [at.x.name, at.blob('weight', row)]);
};

/** A learned tensor: a tensor of the file, without a node. */
const parameter: Writer<'parameter'> = (at) => at.blob('value', [1, ...at.layer.shape]);

/** Layers with weights. */
export const weightedLayers = {
  convolution,
  'inner-product': innerProduct,
  'batch-norm': batchNorm,
  'layer-norm': layerNorm,
  'group-norm': groupNorm,
  affine,
  prelu,
  parameter,
} as const satisfies Partial<LayerWriters>;
