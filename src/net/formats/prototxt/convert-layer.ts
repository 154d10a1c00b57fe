// One layer of Caffe as one of ours. What we do not have is refused by name, never passed over.
import { squareSliding, squareWindow } from '../../../tensor/window.js';
import type { Blob, Filler } from '../../layers/blob.js';
import type { Layer } from '../../layers/table.js';
import type { CaffeKind, CaffeLayer } from './caffe-layers.js';
import type { Fields, Issues } from './fields.js';

/** Kinds that become layers of ours. */
export type ComputingKind = Exclude<CaffeKind, 'data' | 'padding' | 'flatten' | 'end'>;

type Converter = (layer: CaffeLayer, input: string, issues: Issues) => Layer;

/** How each kind is converted; `input` is the layer it reads. Problems go to `issues`. */
export const converters: Readonly<Record<ComputingKind, Converter>> = {
  convolution: (layer, input, issues) => {
    const { parameters } = layer;
    const outputs = wanted(layer, ['num_output'], issues);
    const kernel = wanted(layer, ['kernel_size', 'kernelsize'], issues);
    const converted: Layer = {
      kind: 'convolution',
      name: layer.name,
      inputs: [input],
      outputs,
      kernel: [kernel, kernel],
      ...squareSliding(movement(parameters)),
      groups: parameters.number(['group'], 1),
      ...blobs(layer, issues),
    };
    return converted;
  },
  'inner-product': (layer, input, issues) => ({
    kind: 'inner-product',
    name: layer.name,
    inputs: [input],
    outputs: wanted(layer, ['num_output'], issues),
    ...blobs(layer, issues),
  }),
  relu: (layer, input, issues) => {
    refuse(layer, issues, layer.parameters.number(['negative_slope'], 0) !== 0, 'negative_slope');
    return { kind: 'relu', name: layer.name, inputs: [input] };
  },
  pooling: (layer, input, issues) => {
    const { parameters } = layer;
    const method = parameters.text('pool') ?? 'MAX';
    refuse(layer, issues, method !== 'MAX', `pool: ${method}`);
    return {
      kind: 'max-pool',
      name: layer.name,
      inputs: [input],
      ...squareWindow(
        wanted(layer, ['kernel_size', 'kernelsize'], issues),
        'ceil',
        movement(parameters),
      ),
    };
  },
  lrn: (layer, input, issues) => {
    const { parameters } = layer;
    const region = parameters.text('norm_region') ?? 'ACROSS_CHANNELS';
    refuse(layer, issues, region !== 'ACROSS_CHANNELS', `norm_region: ${region}`);
    return {
      kind: 'lrn',
      name: layer.name,
      inputs: [input],
      size: parameters.number(['local_size'], 5),
      alpha: parameters.number(['alpha'], 1),
      beta: parameters.number(['beta'], 0.75),
      k: parameters.number(['k'], 1),
    };
  },
  dropout: ({ name, parameters }, input) => ({
    kind: 'dropout',
    name,
    inputs: [input],
    ratio: parameters.number(['dropout_ratio'], 0.5),
  }),
};

function movement(parameters: Fields): { readonly stride: number; readonly pad: number } {
  return { stride: parameters.number(['stride'], 1), pad: parameters.number(['pad'], 0) };
}

function wanted(layer: CaffeLayer, names: readonly string[], issues: Issues): number {
  const value = layer.parameters.number(names, null);
  if (value === null) issues.add(layer.place, `layer "${layer.name}" has no ${names[0] ?? ''}`);
  return value ?? 1;
}

function refuse(layer: CaffeLayer, issues: Issues, isUsed: boolean, what: string): void {
  if (isUsed) issues.add(layer.place, `layer "${layer.name}": ${what} is not supported`);
}

function blobs(layer: CaffeLayer, issues: Issues): { weight: Blob; bias: Blob } {
  const { parameters, lrMults, decayMults } = layer;
  const hasBias = parameters.flag('bias_term', true) && parameters.flag('biasterm', true);
  refuse(layer, issues, !hasBias, 'a layer without bias');
  const blob = (index: number, name: string): Blob => ({
    filler: filler(layer, parameters.messages(name).at(-1), issues),
    lrMult: lrMults[index] ?? 1,
    decayMult: decayMults[index] ?? 1,
  });
  return { weight: blob(0, 'weight_filler'), bias: blob(1, 'bias_filler') };
}

// Without a filler Caffe fills with zeros; test and deploy files have none.
function filler(layer: CaffeLayer, fields: Fields | undefined, issues: Issues): Filler {
  const type = fields?.text('type') ?? 'constant';
  const value = fields?.number(['value'], 0) ?? 0;
  const std = fields?.number(['std'], 1) ?? 1;
  refuse(layer, issues, fields?.number(['mean'], 0) !== 0 && fields !== undefined, 'filler mean');
  fields?.rejectOthers(`layer "${layer.name}"`);
  if (type === 'gaussian') return { type, std };
  if (type === 'msra') return { type: 'he' };
  refuse(layer, issues, type !== 'constant', `filler ${type} (constant, gaussian and msra are)`);
  return { type: 'constant', value };
}
