// From the written form of a network (canonical.ts) back to the network: a study's folder says in
// it what its networks are, whatever has become of the file that they were read from.
import { isJsonObject, type Json, type JsonObject } from '../../base/canonical-json.js';
import { RunStoreError } from '../../base/errors.js';
import { type Layer, type LayerKind, layerRules } from '../../net/layers/table.js';
import type { Network } from '../../net/network.js';

type Fields = Readonly<Record<string, unknown>>;

/** Two equal numbers are written as one. */
function pair(value: unknown): unknown {
  return typeof value === 'number' ? [value, value] : value;
}

/** Movement of a window; see `writtenSliding`. */
function sliding({ stride, pad, dilation = 1, ...others }: Fields): Fields {
  const pads = typeof pad === 'number' ? [pad, pad, pad, pad] : pad;
  return { ...others, stride: pair(stride), pads, dilation: pair(dilation) };
}

function windowed({ kernel, rounding = 'ceil', ...others }: Fields): Fields {
  return { ...sliding(others), kernel: pair(kernel), rounding };
}

const same = (fields: Fields): Fields => fields;

/** What of each kind is written otherwise than it is; the compiler names a kind that lacks its
 *  row. */
const forms: { readonly [K in LayerKind]: (fields: Fields) => Fields } = {
  convolution: ({ kernel, ...others }) => ({ ...sliding(others), kernel: pair(kernel) }),
  'inner-product': same,
  relu: same,
  'max-pool': windowed,
  lrn: same,
  dropout: same,
  activation: same,
  prelu: same,
  add: same,
  multiply: same,
  affine: same,
  parameter: same,
  broadcast: same,
  concat: same,
  slice: same,
  pad: same,
  reshape: same,
  transpose: same,
  matmul: same,
  softmax: same,
  'layer-norm': same,
  'group-norm': same,
  'batch-norm': same,
  'average-pool': windowed,
  mean: same,
};

/** The network of a written form, version 1.
 *  @throws RunStoreError if it is none, or has layers that this version does not know */
export function readWrittenNetwork(written: Json): Network {
  const { name, layers, channels, crop, inputScale, mean, output } = objectOf(written);
  if (!Array.isArray(layers)) throw unreadable('has no layers');
  const all = layers.map((layer: Json) => layerOf(objectOf(layer)));
  const [height, width] = pair(crop) as readonly [number, number];
  return {
    name: String(name),
    input: {
      channels: Number(channels),
      height,
      width,
      scale: [inputScale].flat() as number[],
      mean: (mean ?? 'image') as Network['input']['mean'],
    },
    layers: all,
    output: typeof output === 'string' ? output : (all.at(-1)?.name ?? ''),
  };
}

function layerOf(written: JsonObject): Layer {
  const kind = written['kind'] as LayerKind;
  if (!Object.hasOwn(layerRules, kind)) throw unreadable(`has a layer of the kind "${kind}"`);
  const form: (fields: Fields) => object = forms[kind];
  return form(written) as Layer;
}

function objectOf(value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw unreadable('is no object');
}

function unreadable(problem: string): RunStoreError {
  return new RunStoreError(`the network in plan.json ${problem}, which this version cannot read`, {
    hint: 'The folder may be of a later version of Selffer.',
  });
}
