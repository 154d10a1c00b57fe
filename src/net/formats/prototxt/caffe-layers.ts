// Caffe's three ways to write a layer, as one: `layers { layer { ... } }` of 2013, `layers { type:
// CONVOLUTION ... }`, and the current `layer { type: "Convolution" ... }`.
import { Fields } from './fields.js';
import type { Issues } from './issues.js';
import { type CaffeKind, kindOf, messagesOf } from './kinds.js';
import { isInTraining, type NetState } from './net-state.js';
import type { Field } from './text-format.js';
import type { Place } from './tokens.js';

/** A layer in any of the three syntaxes. */
export interface CaffeLayer {
  readonly place: Place;
  readonly name: string;
  readonly kind: CaffeKind;
  /** As written. */
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  /** Multipliers of weight and bias, as far as written; Caffe's default is 1. */
  readonly lrMults: readonly number[];
  readonly decayMults: readonly number[];
  /** Names under which layers share their weights. */
  readonly sharedNames: readonly string[];
  readonly lossWeight: number;
  /** False if a gradient into one of its bottoms is switched off. */
  readonly propagatesDown: boolean;
  /** The `..._param` messages of its type taken together, as the oldest syntax has them. */
  readonly parameters: Fields;
}

/** The layers of a network file that training has, in order. Problems go to `issues`. */
export function caffeLayers(
  fields: Fields,
  state: NetState,
  issues: Issues,
): readonly CaffeLayer[] {
  return fields.all('layer', 'layers').flatMap((field) => {
    if (field.value.kind !== 'message') {
      issues.add(field, `${field.name}: wanted "{"`);
      return [];
    }
    const layer = readLayer(field, field.value.fields, state, issues);
    return layer === null ? [] : [layer];
  });
}

function readLayer(
  place: Place,
  content: readonly Field[],
  state: NetState,
  issues: Issues,
): CaffeLayer | null {
  const outer = new Fields(content, issues);
  const old = outer
    .all('layer')
    .flatMap(({ value }) => (value.kind === 'message' ? [value.fields] : []))[0];
  const inner = old === undefined ? outer : new Fields(old, issues);
  const name = inner.text('name') ?? '';
  // What training does not have may be whatever it is.
  if (!isInTraining(outer, { name, place }, state, issues)) return null;
  const type = inner.text('type') ?? '';
  if (type === '') issues.add(place, `layer "${name}" has no type`);
  const bottoms = texts(outer.all('bottom'));
  const known = kindOf(type);
  // Whatever gives blobs without reading any gives the data: Python layers, types of forks.
  const kind = known ?? (bottoms.length === 0 ? 'data' : 'unknown');
  if (known === undefined && kind === 'data' && type !== '') {
    issues.remark(place, `layer "${name}": type ${type} is read as one that gives the images`);
  }
  const params = outer.all('param');
  const messages = params.flatMap(({ value }) =>
    value.kind === 'message' ? [new Fields(value.fields, issues)] : [],
  );
  const [lossWeight = 1] = outer.numbers('loss_weight');
  const layer: CaffeLayer = {
    place,
    name,
    kind,
    type,
    bottoms,
    tops: texts(outer.all('top')),
    ...multipliers(inner, messages, { name, place }, issues),
    sharedNames: [...texts(params), ...messages.flatMap((param) => param.text('name') ?? [])],
    lossWeight,
    propagatesDown: !outer.all('propagate_down').some(isFalse),
    parameters: parametersOf({ name, kind }, old, content, issues),
  };
  for (const param of messages) {
    param.all('share_mode');
    param.rejectOthers(`layer "${name}"`);
  }
  // A layer of an unknown type is refused whole, if the network needs it.
  if (kind !== 'unknown') {
    outer.all(
      'phase',
      'blob_share_mode',
      ...content.map((field) => field.name).filter(isParameters),
    );
    outer.rejectOthers(`layer "${name}"`);
  }
  return layer;
}

function multipliers(
  inner: Fields,
  params: readonly Fields[],
  { name, place }: { readonly name: string; readonly place: Place },
  issues: Issues,
): Pick<CaffeLayer, 'lrMults' | 'decayMults'> {
  const isNew = params.length > 0;
  const lrMults = isNew
    ? params.map((param) => param.number(['lr_mult'], 1))
    : inner.numbers('blobs_lr');
  const decayMults = isNew
    ? params.map((param) => param.number(['decay_mult'], 1))
    : inner.numbers('weight_decay');
  for (const value of [...lrMults, ...decayMults]) {
    if (value < 0)
      issues.add(place, `layer "${name}": found the multiplier ${value}, wanted at least 0`);
  }
  return { lrMults, decayMults };
}

function parametersOf(
  { name, kind }: Pick<CaffeLayer, 'name' | 'kind'>,
  old: readonly Field[] | undefined,
  content: readonly Field[],
  issues: Issues,
): Fields {
  const ofLayer = ['name', 'type', 'blobs_lr', 'weight_decay'];
  if (old !== undefined) {
    return new Fields(
      old.filter((field) => !ofLayer.includes(field.name)),
      issues,
    );
  }
  const own = new Fields(content, issues);
  const fields = messagesOf[kind].flatMap((message) => {
    const value = own.one(message)?.value;
    return value?.kind === 'message' ? value.fields : [];
  });
  for (const field of content.filter((each) => isParameters(each.name))) {
    if (messagesOf[kind].includes(field.name) || kind === 'unknown') continue;
    issues.remark(field, `layer "${name}": ${field.name} is not of its type and is not read`);
  }
  return new Fields(fields, issues);
}

function isParameters(name: string): boolean {
  return name.endsWith('_param');
}

function isFalse({ value }: Field): boolean {
  return value.kind === 'number' ? value.number === 0 : 'text' in value && /^f/i.test(value.text);
}

function texts(fields: readonly Field[]): readonly string[] {
  return fields.flatMap(({ value }) => ('text' in value ? [value.text] : []));
}
