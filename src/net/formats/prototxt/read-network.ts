// A Caffe network file (prototxt) as a network, and what it says of the experiment it is from.
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
  /** Minibatch of the data layer; null if not said. */
  readonly batch: number | null;
  readonly mirror: boolean;
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
  const input = inputOf(fields, data, issues);
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
    batch: data?.parameters.number(['batch_size', 'batchsize'], null) ?? null,
    mirror: data?.parameters.flag('mirror', false) ?? false,
  };
}

function inputOf(fields: Fields, data: CaffeLayer | undefined, issues: Issues): NetworkInput {
  // Deploy files have no data layer but dimensions: N, C, H, W.
  const dims = [
    ...fields.numbers('input_dim'),
    ...fields.messages('input_shape').flatMap((shape) => shape.numbers('dim')),
  ];
  const crop = data?.parameters.number(['crop_size', 'cropsize'], null) ?? dims[3] ?? null;
  if (crop === null) {
    const place = data?.place ?? { line: 1, column: 1 };
    issues.add(place, 'the network has no data layer with a crop size, so its input is not known');
  }
  const scale = data?.parameters.number(['scale'], 1) ?? 1;
  const [height, width] = [crop ?? 1, crop ?? 1];
  return { channels: dims[1] ?? 3, height, width, scale: [scale], mean: 'image' };
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
