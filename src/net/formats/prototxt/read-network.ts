// A Caffe network file (prototxt) as a network, and what it says of the experiment it is from.
import type { FileIssue } from '../../../base/errors.js';
import type { Sliding } from '../../../tensor/window.js';
import { checkNetwork } from '../../check.js';
import type { Layer } from '../../layers/table.js';
import { isWeightLayer, type Network, type WeightLayer, weightLayers } from '../../network.js';
import { type CaffeLayer, caffeLayers } from './caffe-layers.js';
import { type ComputingKind, converters } from './convert-layer.js';
import { type ImageDefaults, readImages, type SaidOfImages } from './data-layer.js';
import { Fields } from './fields.js';
import { Issues } from './issues.js';
import { type NeededLayers, neededLayers, type Producer } from './needed-layers.js';
import { type NetState, stateOf } from './net-state.js';
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

/** A network file that was read: the network, and what the file says of its images. */
export interface CaffeNetwork extends SaidOfImages {
  /** Its last layer has `outputs: 'classes'`. Frozen layers have multipliers 0. */
  readonly network: Network;
  /** Outputs of the last layer as written; null if not said. */
  readonly outputs: number | null;
  /** Names of layers whose weights do not learn. */
  readonly frozen: readonly string[];
  readonly role: OriginalRole;
  /** What of the file is read differently or not at all. */
  readonly remarks: readonly FileIssue[];
}

/** Reads the network that a file has in training (phase TRAIN), in any of Caffe's syntaxes. `file`
 *  is named in errors.
 *  @param defaults what to take where the file does not say it
 *  @throws ParseError with line and column of all that is not such a network or that Selffer does
 *  not have */
export function readCaffeNetwork(
  text: string,
  file: string,
  defaults: ImageDefaults = {},
): CaffeNetwork {
  const issues = new Issues(file);
  const fields = new Fields(parseTextFormat(text, file), issues);
  const inputs = fields.all('input').flatMap(({ value }) => ('text' in value ? [value.text] : []));
  const needed = neededLayers(layersOf(fields, inputs, issues), inputs, issues);
  const name = fields.text('name') ?? 'caffe';
  const start = { line: 1, column: 1 };
  if (needed.layers.length === 0) issues.add(start, 'the network has no layers that learn classes');
  const { input, said } = readImages(
    fields,
    needed.images ?? { layer: null, index: 0 },
    needed.images === null ? { size: 1 } : defaults,
    issues,
  );
  const converted = connect(needed, issues);
  fields.all('input_dim', 'input_shape', 'force_backward', 'debug_info');
  fields.rejectOthers('the network');
  issues.throwIfAny();
  const last = converted.at(-1);
  const outputs =
    last?.kind === 'inner-product' && last.outputs !== 'classes' ? last.outputs : null;
  const network: Network = {
    name,
    input,
    output: last?.name ?? 'data',
    layers: converted.map((layer) =>
      layer === last && layer.kind === 'inner-product' ? { ...layer, outputs: 'classes' } : layer,
    ),
  };
  checkNetwork(network, Math.max(outputs ?? 1, 1), file);
  const frozen = converted.filter(isWeightLayer).filter(isFrozen);
  return {
    network,
    outputs,
    frozen: frozen.map((layer) => layer.name),
    role: roleOf(weightLayers(network)),
    ...said,
    remarks: issues.remarks,
  };
}

/** The layers of the network in training. DIGITS gives the data layers a stage of their own,
 *  without which there is no input. */
function layersOf(
  fields: Fields,
  inputs: readonly string[],
  issues: Issues,
): readonly CaffeLayer[] {
  const state = stateOf(fields);
  const read = (as: NetState, to: Issues) => caffeLayers(fields, as, to);
  const hasInput = (layers: readonly CaffeLayer[]): boolean =>
    inputs.length > 0 || layers.some(({ kind }) => kind === 'data');
  const staged = { ...state, stages: [...state.stages, 'train'] };
  const trial = new Issues('');
  if (hasInput(read(state, trial)) || !hasInput(read(staged, trial))) return read(state, issues);
  issues.remark(
    { line: 1, column: 1 },
    'read with the stage "train", without which the network has no input',
  );
  return read(staged, issues);
}

/** Where a blob comes from: a layer of ours, and zeros that a padding layer put around it. */
interface Source {
  readonly layer: string;
  readonly pad: number;
}

const images: Source = { layer: 'data', pad: 0 };

function connect({ layers, reads }: NeededLayers, issues: Issues): readonly Layer[] {
  const sources = new Map<CaffeLayer, Source>();
  const converted: Layer[] = [];
  const sharing = new Map<string, CaffeLayer>();
  for (const layer of layers) {
    checkBottoms(layer, reads.get(layer) ?? [], issues);
    checkSharing(layer, sharing, issues);
    const [producer = null] = reads.get(layer) ?? [];
    const source = producer?.kind === 'layer' ? sources.get(producer.layer) : undefined;
    const isOutput = layer === layers.at(-1);
    sources.set(layer, place(layer, { source: source ?? images, isOutput }, converted, issues));
  }
  return converted;
}

function place(
  layer: CaffeLayer,
  { source, isOutput }: { readonly source: Source; readonly isOutput: boolean },
  converted: Layer[],
  issues: Issues,
): Source {
  const { kind, name, parameters } = layer;
  if (kind === 'padding') {
    return { ...source, pad: source.pad + parameters.number(['pad'], 0) };
  }
  // Inner products flatten by themselves.
  if (kind === 'flatten') return source;
  if (!isComputing(kind)) {
    issues.add(layer.place, `layer "${name}": type ${layer.type} is not supported`);
    return { layer: name, pad: 0 };
  }
  const made = converters[kind](layer, { input: source.layer, isOutput }, issues);
  parameters.all('engine');
  parameters.rejectOthers(`layer "${name}"`);
  if (source.pad > 0 && made.kind !== 'convolution') {
    issues.add(layer.place, `layer "${name}" reads a padded blob; only convolutions can`);
  }
  converted.push(made.kind === 'convolution' ? padded(made, source.pad) : made);
  return { layer: name, pad: 0 };
}

function isComputing(kind: CaffeLayer['kind']): kind is ComputingKind {
  return kind in converters;
}

function padded<L extends Pick<Sliding, 'pads'>>(layer: L, pad: number): L {
  const [top, left, bottom, right] = layer.pads;
  return { ...layer, pads: [top + pad, left + pad, bottom + pad, right + pad] };
}

function checkBottoms(
  { name, kind, place: at, bottoms, propagatesDown }: CaffeLayer,
  reads: readonly (Producer | null)[],
  issues: Issues,
): void {
  if (kind === 'unknown') return;
  if (bottoms.length !== 1) {
    issues.add(at, `layer "${name}" has ${bottoms.length} bottoms, wanted 1`);
  } else if (reads[0] === null) {
    issues.add(at, `layer "${name}": no layer before it has the top "${bottoms[0] ?? ''}"`);
  }
  if (!propagatesDown && reads.some((producer) => producer?.kind === 'layer')) {
    issues.add(
      at,
      `layer "${name}": propagate_down: false would leave the layers below at their first random values; leave it out: treatments say what is frozen`,
    );
  }
}

/** A name that one layer alone gives its weights shares nothing. */
function checkSharing(layer: CaffeLayer, seen: Map<string, CaffeLayer>, issues: Issues): void {
  for (const shared of layer.sharedNames) {
    const other = seen.get(shared);
    if (other !== undefined) {
      issues.add(
        layer.place,
        `layer "${layer.name}" shares the weights "${shared}" with "${other.name}", which is not supported`,
      );
    }
    seen.set(shared, layer);
  }
}

// Biases alone do not make features.
function isFrozen({ weight }: WeightLayer): boolean {
  return weight.lrMult === 0;
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
