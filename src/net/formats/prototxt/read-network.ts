// A Caffe network file (prototxt) as a network, and what it says of the experiment it is from.
import type { FileIssue } from '../../../base/errors.js';
import type { Sliding } from '../../../tensor/window.js';
import { checkNetwork } from '../../check.js';
import type { Layer } from '../../layers/table.js';
import {
  isWeightLayer,
  type Network,
  type NetworkInput,
  type WeightLayer,
  weightLayers,
} from '../../network.js';
import { type CaffeLayer, caffeLayers } from './caffe-layers.js';
import { converters } from './convert-layer.js';
import { Fields, Issues } from './fields.js';
import { parseTextFormat } from './text-format.js';

/** What the layers that are frozen (blobs_lr 0) and those that are new (`-new`) say of a network of
 *  the original study. */
export interface OriginalRole {
  /** base: all learn. random: the first n frozen, none renamed. frozen, fine-tuned: the first n
   *  keep their names and so are copied. preserved: n frozen, the next copied too but learning.
   *  other: no such pattern. */
  readonly kind: 'base' | 'random' | 'frozen' | 'fine-tuned' | 'preserved' | 'other';
  /** Layers 1..n are copied or frozen; 0 for base. */
  readonly n: number;
}

/** A network file that was read. */
export interface CaffeNetwork {
  /** Its last layer has `outputs: 'classes'`. Frozen layers have multipliers 0. */
  readonly network: Network;
  /** Outputs of the last layer as written. */
  readonly outputs: number;
  /** Names of weight layers that do not learn. */
  readonly frozen: readonly string[];
  readonly role: OriginalRole;
  /** What the data layer says: height and width of the input, images of a minibatch, whether images
   *  are mirrored at random, what is subtracted from each channel, and the factor after it; null
   *  where it says nothing. */
  readonly crop: number | null;
  readonly batch: number | null;
  readonly mirror: boolean | null;
  readonly mean: readonly number[] | null;
  readonly scale: number | null;
  /** What of the file is read differently or not at all. */
  readonly remarks: readonly FileIssue[];
}

/** Reads a network in any of Caffe's syntaxes. `file` is named in errors.
 *  @throws ParseError with line and column of all that is not such a network or that Selffer does
 *  not have */
export function readCaffeNetwork(text: string, file: string): CaffeNetwork {
  const issues = new Issues(file);
  const fields = new Fields(parseTextFormat(text, file), issues);
  const layers = caffeLayers(fields, issues);
  const data = layers.find((layer) => layer.kind === 'data');
  const name = fields.text('name') ?? 'caffe';
  const said = saidOf(data);
  const input = inputOf(fields, data, said, issues);
  const converted = connect(layers, inputsOf(fields), issues);
  fields.all('force_backward', 'debug_info', 'state');
  fields.rejectOthers('the network');
  issues.throwIfAny();
  const last = converted.at(-1);
  const outputs = last?.kind === 'inner-product' ? Number(last.outputs) : 0;
  const network: Network = {
    name,
    input,
    output: last?.name ?? 'data',
    layers: converted.map((layer) =>
      layer === last && layer.kind === 'inner-product' ? { ...layer, outputs: 'classes' } : layer,
    ),
  };
  checkNetwork(network, Math.max(outputs, 1), file);
  const frozen = converted.filter(isWeightLayer).filter(isFrozen);
  return {
    network,
    outputs,
    frozen: frozen.map(({ name }) => name),
    role: roleOf(weightLayers(network)),
    ...said,
    remarks: issues.remarks,
  };
}

type Said = Pick<CaffeNetwork, 'crop' | 'batch' | 'mirror' | 'mean' | 'scale'>;

function saidOf(data: CaffeLayer | undefined): Said {
  const mean = data?.parameters.numbers('mean_value') ?? [];
  return {
    crop: data?.parameters.number(['crop_size', 'cropsize'], null) ?? null,
    batch: data?.parameters.number(['batch_size', 'batchsize'], null) ?? null,
    mirror: data?.parameters.flag('mirror', null) ?? null,
    mean: mean.length === 0 ? null : mean,
    scale: data?.parameters.number(['scale'], null) ?? null,
  };
}

function inputOf(
  fields: Fields,
  data: CaffeLayer | undefined,
  said: Said,
  issues: Issues,
): NetworkInput {
  // Deploy files have no data layer but dimensions: N, C, H, W.
  const dims = [
    ...fields.numbers('input_dim'),
    ...fields.messages('input_shape').flatMap((shape) => shape.numbers('dim')),
  ];
  const crop = said.crop ?? dims[3] ?? null;
  if (crop === null) {
    const place = data?.place ?? { line: 1, column: 1 };
    issues.add(place, 'the network has no data layer with a crop size, so its input is not known');
  }
  const [height, width] = [crop ?? 1, crop ?? 1];
  const channels = dims[1] ?? 3;
  const mean = meanOf(data, said, channels, issues);
  return { channels, height, width, scale: [said.scale ?? 1], mean };
}

function meanOf(
  data: CaffeLayer | undefined,
  { mean }: Said,
  channels: number,
  issues: Issues,
): NetworkInput['mean'] {
  const [file] = data?.parameters.all('mean_file', 'meanfile') ?? [];
  if (file !== undefined) {
    issues.remark(
      file,
      'mean_file is not read: the mean image of the training images is subtracted (data.mean of the study)',
    );
  }
  if (mean === null) return 'image';
  if (mean.length !== 1 && mean.length !== channels) {
    const [place = { line: 1, column: 1 }] = data?.parameters.all('mean_value') ?? [];
    issues.add(place, `found ${mean.length} mean_values, wanted 1 or ${channels}`);
  }
  return Array.from({ length: channels }, (_, channel) => mean[channel] ?? mean[0] ?? 0);
}

function inputsOf(fields: Fields): readonly string[] {
  const input = fields.text('input');
  return input === null ? [] : [input];
}

/** Where a blob comes from: a layer of ours, and zeros that a padding layer put around it. */
interface Source {
  readonly layer: string;
  readonly pad: number;
}

function connect(
  layers: readonly CaffeLayer[],
  inputs: readonly string[],
  issues: Issues,
): readonly Layer[] {
  const blobs = new Map<string, Source>(inputs.map((name) => [name, { layer: 'data', pad: 0 }]));
  const converted: Layer[] = [];
  for (const layer of layers) {
    if (layer.kind === 'end') continue;
    const [top] = layer.tops;
    if (top === undefined) issues.add(layer.place, `layer "${layer.name}" has no top`);
    else if (layer.kind === 'data') blobs.set(top, { layer: 'data', pad: 0 });
    else {
      const source = sourceOf(layer, blobs, issues);
      blobs.set(top, place(layer, source, converted, issues));
    }
  }
  return converted;
}

function place(layer: CaffeLayer, source: Source, converted: Layer[], issues: Issues): Source {
  const { kind, name, parameters } = layer;
  if (kind === 'padding') {
    return { ...source, pad: source.pad + parameters.number(['pad'], 0) };
  }
  // Inner products flatten by themselves.
  if (kind === 'flatten' || kind === 'data' || kind === 'end') return source;
  const made = converters[kind](layer, source.layer, issues);
  parameters.all('engine');
  parameters.rejectOthers(`layer "${name}"`);
  if (source.pad > 0 && made.kind !== 'convolution') {
    issues.add(layer.place, `layer "${name}" reads a padded blob; only convolutions can`);
  }
  converted.push(made.kind === 'convolution' ? padded(made, source.pad) : made);
  return { layer: name, pad: 0 };
}

function padded<L extends Pick<Sliding, 'pads'>>(layer: L, pad: number): L {
  const [top, left, bottom, right] = layer.pads;
  return { ...layer, pads: [top + pad, left + pad, bottom + pad, right + pad] };
}

function sourceOf(layer: CaffeLayer, blobs: ReadonlyMap<string, Source>, issues: Issues): Source {
  const [bottom] = layer.bottoms;
  const source = bottom === undefined ? undefined : blobs.get(bottom);
  if (layer.bottoms.length !== 1) {
    issues.add(layer.place, `layer "${layer.name}" has ${layer.bottoms.length} bottoms, wanted 1`);
  } else if (source === undefined) {
    issues.add(
      layer.place,
      `layer "${layer.name}": no layer before it has the top "${bottom ?? ''}"`,
    );
  }
  return source ?? { layer: 'data', pad: 0 };
}

function isFrozen({ weight, bias }: WeightLayer): boolean {
  return weight.lrMult === 0 && bias.lrMult === 0;
}

function roleOf(layers: readonly WeightLayer[]): OriginalRole {
  const learning = layers.findIndex((layer) => !isFrozen(layer));
  const fresh = layers.findIndex(({ name }) => name.endsWith('-new'));
  const frozen = learning === -1 ? layers.length : learning;
  const kept = fresh === -1 ? layers.length : fresh;
  const isPattern =
    layers.slice(frozen).every((layer) => !isFrozen(layer)) &&
    layers.slice(kept).every(({ name }) => name.endsWith('-new'));
  if (!isPattern || frozen > kept) return { kind: 'other', n: 0 };
  if (fresh === -1) return { kind: frozen === 0 ? 'base' : 'random', n: frozen };
  if (frozen === 0) return { kind: 'fine-tuned', n: kept };
  return { kind: frozen === kept ? 'frozen' : 'preserved', n: frozen };
}
