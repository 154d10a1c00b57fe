// Caffe's three ways to write a layer, as one: `layers { layer { ... } }` of 2013, `layers { type:
// CONVOLUTION ... }`, and the current `layer { type: "Convolution" ... }`.
import { Fields, type Issues } from './fields.js';
import type { Field } from './text-format.js';
import type { Place } from './tokens.js';

/** What a layer does. `data`: gives images; `end`: loss and measures, which are not ours to
 *  read. */
export type CaffeKind =
  | 'data'
  | 'convolution'
  | 'inner-product'
  | 'relu'
  | 'pooling'
  | 'lrn'
  | 'dropout'
  | 'padding'
  | 'flatten'
  | 'end';

/** A layer in any of the three syntaxes. */
export interface CaffeLayer {
  readonly place: Place;
  readonly name: string;
  readonly kind: CaffeKind;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  /** Multipliers of weight and bias, as far as written; Caffe's default is 1. */
  readonly lrMults: readonly number[];
  readonly decayMults: readonly number[];
  /** Parameters: all `..._param` messages taken together, which is how the oldest syntax has
   *  them. */
  readonly parameters: Fields;
}

// Type names without case and underscores.
const kinds: Readonly<Record<string, CaffeKind>> = {
  conv: 'convolution',
  convolution: 'convolution',
  innerproduct: 'inner-product',
  relu: 'relu',
  pool: 'pooling',
  pooling: 'pooling',
  lrn: 'lrn',
  dropout: 'dropout',
  padding: 'padding',
  flatten: 'flatten',
  data: 'data',
  images: 'data',
  imagedata: 'data',
  hdf5data: 'data',
  memorydata: 'data',
  input: 'data',
  softmax: 'end',
  softmaxloss: 'end',
  softmaxwithloss: 'end',
  accuracy: 'end',
  silence: 'end',
};

/** The layers of a network file that training has, in order. Problems go to `issues`. */
export function caffeLayers(fields: Fields, issues: Issues): readonly CaffeLayer[] {
  return fields.all('layer', 'layers').flatMap((field) => {
    if (field.value.kind !== 'message') {
      issues.add(field, `${field.name}: wanted "{"`);
      return [];
    }
    const layer = readLayer(field, field.value.fields, issues);
    return layer === null ? [] : [layer];
  });
}

function readLayer(place: Place, content: readonly Field[], issues: Issues): CaffeLayer | null {
  const outer = new Fields(content, issues);
  const old = outer
    .all('layer')
    .flatMap(({ value }) => (value.kind === 'message' ? [value.fields] : []))[0];
  const inner = old === undefined ? outer : new Fields(old, issues);
  const name = inner.text('name') ?? '';
  const type = inner.text('type');
  const kind = kinds[(type ?? '').replaceAll('_', '').toLowerCase()];
  if (kind === undefined) {
    issues.add(
      place,
      type === null
        ? `layer "${name}" has no type`
        : `layer "${name}": type ${type} is not supported`,
    );
    return null;
  }
  const params = outer.messages('param');
  const layer = {
    place,
    name,
    kind,
    bottoms: texts(outer.all('bottom')),
    tops: texts(outer.all('top')),
    lrMults:
      params.length > 0
        ? params.map((param) => param.number(['lr_mult'], 1))
        : inner.numbers('blobs_lr'),
    decayMults:
      params.length > 0
        ? params.map((param) => param.number(['decay_mult'], 1))
        : inner.numbers('weight_decay'),
    parameters: new Fields(parametersOf(old, content), issues),
  };
  for (const param of params) param.rejectOthers(`layer "${name}"`);
  const isTest = outer.messages('include').map((rule) => rule.text('phase') === 'TEST');
  outer.all('exclude', 'loss_weight', ...content.map((field) => field.name).filter(isParameters));
  outer.rejectOthers(`layer "${name}"`);
  return isTest.includes(true) && !isTest.includes(false) ? null : layer;
}

function parametersOf(
  old: readonly Field[] | undefined,
  content: readonly Field[],
): readonly Field[] {
  const ofLayer = ['name', 'type', 'blobs_lr', 'weight_decay'];
  if (old !== undefined) return old.filter((field) => !ofLayer.includes(field.name));
  return content.flatMap(({ name, value }) =>
    isParameters(name) && value.kind === 'message' ? value.fields : [],
  );
}

function isParameters(name: string): boolean {
  return name.endsWith('_param');
}

function texts(fields: readonly Field[]): readonly string[] {
  return fields.flatMap(({ value }) =>
    value.kind === 'string' || value.kind === 'name' ? [value.text] : [],
  );
}
