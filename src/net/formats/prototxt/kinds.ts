// Caffe's types of layers: what each is to us, and the messages that it reads.

/** What a layer does. `data`: gives images or labels; `loss`: cross-entropy of classes;
 *  `other-loss`: of anything else; `measure`: reads only; `unknown`: none that Selffer has. */
export type CaffeKind =
  | 'data'
  | 'convolution'
  | 'inner-product'
  | 'relu'
  | 'prelu'
  | 'elu'
  | 'sigmoid'
  | 'tanh'
  | 'power'
  | 'clip'
  | 'relu6'
  | 'swish'
  | 'pooling'
  | 'lrn'
  | 'dropout'
  | 'batch-norm'
  | 'scale'
  | 'bias'
  | 'eltwise'
  | 'concat'
  | 'reshape'
  | 'padding'
  | 'flatten'
  | 'split'
  | 'softmax'
  | 'loss'
  | 'other-loss'
  | 'measure'
  | 'unknown';

// Type names without case and underscores.
const kinds: Readonly<Record<string, CaffeKind>> = {
  conv: 'convolution',
  convolution: 'convolution',
  // Of forks for MobileNet; its `group` is written like any other's.
  depthwiseconvolution: 'convolution',
  innerproduct: 'inner-product',
  relu: 'relu',
  prelu: 'prelu',
  elu: 'elu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  power: 'power',
  clip: 'clip',
  relu6: 'relu6',
  swish: 'swish',
  pool: 'pooling',
  pooling: 'pooling',
  lrn: 'lrn',
  dropout: 'dropout',
  batchnorm: 'batch-norm',
  scale: 'scale',
  bias: 'bias',
  eltwise: 'eltwise',
  concat: 'concat',
  reshape: 'reshape',
  padding: 'padding',
  flatten: 'flatten',
  split: 'split',
  data: 'data',
  images: 'data',
  imagedata: 'data',
  windowdata: 'data',
  hdf5data: 'data',
  memorydata: 'data',
  dummydata: 'data',
  input: 'data',
  softmax: 'softmax',
  softmaxloss: 'loss',
  softmaxwithloss: 'loss',
  multinomiallogisticloss: 'loss',
  euclideanloss: 'other-loss',
  hingeloss: 'other-loss',
  infogainloss: 'other-loss',
  contrastiveloss: 'other-loss',
  sigmoidcrossentropyloss: 'other-loss',
  accuracy: 'measure',
  argmax: 'measure',
  hdf5output: 'measure',
  silence: 'measure',
};

/** The kind of a type as any of the three syntaxes writes it; undefined for types of forks. */
export function kindOf(type: string): CaffeKind | undefined {
  const key = type.replaceAll('_', '').toLowerCase();
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
}

/** Messages that a layer reads, by its kind. Caffe passes over those of other types. */
export const messagesOf: { readonly [K in CaffeKind]: readonly string[] } = {
  data: [
    'transform_param',
    'data_param',
    'image_data_param',
    'window_data_param',
    'hdf5_data_param',
    'memory_data_param',
    'dummy_data_param',
    'input_param',
    'python_param',
  ],
  convolution: ['convolution_param'],
  'inner-product': ['inner_product_param'],
  relu: ['relu_param'],
  prelu: ['prelu_param'],
  elu: ['elu_param'],
  sigmoid: ['sigmoid_param'],
  tanh: ['tanh_param'],
  power: ['power_param'],
  clip: ['clip_param'],
  relu6: ['relu6_param'],
  swish: ['swish_param'],
  pooling: ['pooling_param'],
  lrn: ['lrn_param'],
  dropout: ['dropout_param'],
  'batch-norm': ['batch_norm_param'],
  scale: ['scale_param'],
  bias: ['bias_param'],
  eltwise: ['eltwise_param'],
  concat: ['concat_param'],
  reshape: ['reshape_param'],
  padding: [],
  flatten: ['flatten_param'],
  split: [],
  softmax: ['softmax_param'],
  loss: ['loss_param', 'softmax_param'],
  'other-loss': [],
  measure: ['accuracy_param'],
  unknown: [],
};
