// One layer of Caffe as one of ours. What we do not have is refused by name, never passed over.
import type { Blob } from '../../layers/blob.js';
import type { Layer } from '../../layers/table.js';
import type { CaffeKind, CaffeLayer } from './caffe-layers.js';
import { readFiller } from './fillers.js';
import type { Issues } from './issues.js';
import { windowOf } from './window-fields.js';

/** Kinds that become layers of ours. */
export type ComputingKind = Extract<
  CaffeKind,
  'convolution' | 'inner-product' | 'relu' | 'pooling' | 'lrn' | 'dropout'
>;

/** What a layer reads, and whether it is the one whose outputs are the classes. */
interface LayerPlace {
  readonly input: string;
  readonly isOutput: boolean;
}

type Converter = (layer: CaffeLayer, place: LayerPlace, issues: Issues) => Layer;

/** How each kind is converted. Problems go to `issues`. */
export const converters: Readonly<Record<ComputingKind, Converter>> = {
  convolution: (layer, { input }, issues) => {
    expectOnly(layer, issues, { axis: 1 });
    layer.parameters.all('force_nd_im2col');
    const outputs = layer.parameters.number(['num_output'], null);
    if (outputs === null) lacks(layer, 'num_output', issues);
    const converted: Layer = {
      kind: 'convolution',
      name: layer.name,
      inputs: [input],
      outputs: outputs ?? 1,
      ...windowOf(layer, issues),
      groups: layer.parameters.number(['group'], 1),
      ...blobs(layer, issues),
    };
    return converted;
  },
  'inner-product': (layer, { input, isOutput }, issues) => {
    expectOnly(layer, issues, { axis: 1, transpose: false });
    const outputs = layer.parameters.number(['num_output'], null);
    if (outputs === null && !isOutput) lacks(layer, 'num_output', issues);
    return {
      kind: 'inner-product',
      name: layer.name,
      inputs: [input],
      outputs: outputs ?? 'classes',
      ...blobs(layer, issues),
    };
  },
  relu: (layer, { input }, issues) => {
    expectOnly(layer, issues, { negative_slope: 0 });
    return { kind: 'relu', name: layer.name, inputs: [input] };
  },
  pooling: (layer, { input }, issues) => {
    const { parameters } = layer;
    expectOnly(layer, issues, { pool: 'MAX', global_pooling: false });
    const rounding = parameters.text('round_mode') === 'FLOOR' ? 'floor' : 'ceil';
    const window = windowOf(layer, issues);
    return { kind: 'max-pool', name: layer.name, inputs: [input], ...window, rounding };
  },
  lrn: (layer, { input }, issues) => {
    const { parameters } = layer;
    expectOnly(layer, issues, { norm_region: 'ACROSS_CHANNELS' });
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
  dropout: (layer, { input }, issues) => {
    expectOnly(layer, issues, { scale_train: true });
    const ratio = layer.parameters.number(['dropout_ratio'], 0.5);
    return { kind: 'dropout', name: layer.name, inputs: [input], ratio };
  },
};

/** Refuses a field that has another value than the only one that our layer has. */
function expectOnly(
  { name, place, parameters }: CaffeLayer,
  issues: Issues,
  only: Readonly<Record<string, string | number | boolean>>,
): void {
  for (const [field, value] of Object.entries(only)) {
    const found =
      typeof value === 'string'
        ? (parameters.text(field) ?? value)
        : typeof value === 'number'
          ? parameters.number([field], value)
          : parameters.flag(field, value);
    if (found === value) continue;
    const what = `${field}: ${found}`;
    issues.add(place, `layer "${name}": ${what} is not supported, only ${value} is`);
  }
}

function lacks({ name, place, parameters }: CaffeLayer, field: string, issues: Issues): void {
  // What is there but no number has been noted.
  if (parameters.all(field).length > 0) return;
  issues.add(place, `layer "${name}" has no ${field}`);
}

function blobs(layer: CaffeLayer, issues: Issues): { weight: Blob; bias: Blob } {
  const { parameters, lrMults, decayMults } = layer;
  const blob = (index: number, name: string): Blob => ({
    filler: readFiller(parameters.messages(name).at(-1), layer, issues),
    lrMult: lrMults[index] ?? 1,
    decayMult: decayMults[index] ?? 1,
  });
  const [weight, bias] = [blob(0, 'weight_filler'), blob(1, 'bias_filler')];
  if (parameters.flag('bias_term', true) && parameters.flag('biasterm', true)) {
    return { weight, bias };
  }
  issues.remark(layer.place, `layer "${layer.name}" has no bias: one that stays 0 takes its place`);
  return { weight, bias: { filler: { type: 'constant', value: 0 }, lrMult: 0, decayMult: 0 } };
}
